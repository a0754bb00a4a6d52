package cambium.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// What `GET /api/fleet` said at one moment, as far as the demo looks at it.
record FleetView(List<VersionView> versions, List<RingView> rings, List<CellView> cells) {

    record VersionView(String version, String state, boolean graduated, String waiting) {}

    record RingView(int ring, String state, Optional<String> target, String waiting) {}

    record CellView(String cell, int ring, String state, Optional<String> version, Optional<String> pdmVersion,
            String verdict, String waiting) {}

    static FleetView of(JsonNode fleet) {
        return new FleetView(
                list(fleet.path("versions"), node -> new VersionView(node.path("version").asText(),
                        node.path("state").asText(), node.path("graduated").asBoolean(), waitOf(node))),
                list(fleet.path("rings"), node -> new RingView(node.path("ring").asInt(), node.path("state").asText(),
                        text(node.path("target")), waitOf(node))),
                list(fleet.path("cells"), node -> new CellView(node.path("cell").asText(), node.path("ring").asInt(),
                        node.path("state").asText(), text(node.path("version")), text(node.path("pdm_version")),
                        node.path("health").path("verdict").asText(""), waitOf(node))));
    }

    private static String waitOf(JsonNode node) {
        return node.path("wait").path("text").asText("");
    }

    private static Optional<String> text(JsonNode node) {
        return Optional.of(node.asText("")).filter(word -> !word.isEmpty() && !node.isNull());
    }

    private static <T> List<T> list(JsonNode array, Function<JsonNode, T> reader) {
        var items = new ArrayList<T>();
        array.forEach(node -> items.add(reader.apply(node)));
        return List.copyOf(items);
    }

    Optional<VersionView> version(String name) {
        return versions.stream().filter(version -> version.version().equals(name)).findFirst();
    }

    Optional<CellView> cell(String name) {
        return cells.stream().filter(cell -> cell.cell().equals(name)).findFirst();
    }
}
