package cambium.server.fleet.yaml;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;

/// Reads `alertmanager.yaml`, by which this machine reaches Alertmanagers, or says what is wrong with it.
public final class AlertmanagerYaml {
    static final int MAX_SERVERS = 8;

    private AlertmanagerYaml() {}

    /// What became of a text.
    public sealed interface Reading {
        record Read(List<ServerAccess> servers) implements Reading {}

        record Refused(String problems) implements Reading {}
    }

    public static Reading read(byte[] text) {
        return switch (YamlReader.read(text)) {
            case YamlReader.Reading.Malformed(var problem) -> new Reading.Refused(problem.sentence());
            case YamlReader.Reading.Read(var root) -> servers(root);
        };
    }

    private static Reading servers(YamlValue root) {
        var problems = new Section.Problems();
        var top = Section.of(problems, "", root);
        var servers = top.items("alertmanagers", item -> server(top.item(item)));
        top.done();
        if (servers.isEmpty() || servers.size() > MAX_SERVERS) {
            top.problem("alertmanagers", "one to " + MAX_SERVERS + " servers are expected");
        }
        return problems.sentences().<Reading>map(Reading.Refused::new).orElseGet(() -> new Reading.Read(servers));
    }

    private static ServerAccess server(Section section) {
        var access = ServerAccess.read(section);
        if (!access.address().isEmpty() && !isWeb(access.address())) {
            section.problem("address", "an address like https://alertmanager.example.com is expected, without a user");
        }
        return access;
    }

    private static boolean isWeb(String address) {
        try {
            var uri = new URI(address);
            return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null
                    && uri.getUserInfo() == null && uri.getQuery() == null && uri.getFragment() == null;
        } catch (URISyntaxException malformed) {
            return false;
        }
    }
}
