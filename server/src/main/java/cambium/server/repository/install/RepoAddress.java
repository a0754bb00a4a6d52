package cambium.server.repository.install;

import cambium.server.http.Call;
import cambium.server.http.Refused;
import cambium.server.repository.RepositoryName;
import java.util.Optional;
import java.util.regex.Pattern;

/// Where a repository is reached, with or without a token in the address. All of it is plain enough to stand in a
/// quoted word of a script or in a line of a configuration file.
record RepoAddress(String scheme, String host, RepositoryName name) {
    private static final Pattern BASE = Pattern.compile("(https?)://([A-Za-z0-9._\\[\\]:-]+(?:/[A-Za-z0-9._~/-]*)?)");

    /// From the configured address, else from the Host that was asked for.
    static RepoAddress of(Call call, RepositoryName name) {
        var base = BASE.matcher(call.baseUrl());
        if (!base.matches()) {
            throw new Refused(400, "host_invalid", "the Host of the request cannot stand in an address");
        }
        return new RepoAddress(base.group(1), base.group(2), name);
    }

    /// `https://[token:@]host/owner/name`.
    String url(Optional<String> token) {
        return withToken(token) + "/" + name;
    }

    /// The address that install texts are below.
    String install(Optional<String> token) {
        return withToken(token) + "/install/repositories/" + name;
    }

    /// What `apt_auth.conf(5)` calls a machine: encrypted connections need no scheme, others must say theirs.
    String machine() {
        return (scheme.equals("https") ? "" : "http://") + host + "/" + name + "/";
    }

    /// `owner_name`, for names of files and sections.
    String file() {
        return name.toString().replace('/', '_');
    }

    private String withToken(Optional<String> token) {
        return scheme + "://" + token.map(value -> value + ":@").orElse("") + host;
    }
}
