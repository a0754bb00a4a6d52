package cambium.acceptance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Types `./cambium` commands at a running server, as its administrator unless the environment says otherwise.
public record Operator(RunningServer server) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public CommandRun types(String... arguments) throws IOException {
        return types(Map.of(), arguments);
    }

    public CommandRun types(Map<String, String> environment, String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(Checkout.root().resolve("cambium").toString()));
        command.addAll(List.of(arguments));
        return CommandRun.of(command, builder -> {
            builder.environment().put("CAMBIUM_URL", server.address().toString());
            builder.environment().put("CAMBIUM_TOKEN", RunningServer.TOKEN);
            builder.environment().putAll(environment);
        });
    }

    /// What a command that must succeed prints as JSON.
    public JsonNode json(String... arguments) throws IOException {
        return JSON.readTree(types(arguments).successful().out());
    }
}
