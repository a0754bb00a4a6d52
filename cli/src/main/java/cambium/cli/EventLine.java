package cambium.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// One recorded fact in one line, whatever its kind: a newer server may know kinds that this program does not.
final class EventLine {
    private static final Set<String> SHOWN_APART = Set.of("number", "is", "at", "by", "hash", "why", "text");
    /// Long or for machines; `--json` has them.
    private static final Set<String> LEFT_OUT = Set.of("spec", "packages", "evidence", "timeout");

    private EventLine() {}

    static String of(Json event, Ink ink) {
        var words = new ArrayList<String>();
        words.add(ink.faint(Times.full(event.text("at"))));
        words.add("%5s".formatted(event.text("number")));
        words.add(ink.strong(kind(event.text("is"))));
        words.addAll(fields(event));
        event.find("by").ifPresent(by -> words.add("by " + by));
        List.of(event.text("why"), event.text("text"), event.at("evidence").text("text")).stream()
                .filter(text -> !text.isEmpty()).forEach(text -> words.add("(" + Refusals.oneLine(text) + ")"));
        return String.join("  ", words);
    }

    /// The same of a repository's event: what changed, by whom, and where it has them the values before and after.
    static String ofRepository(Json event, Ink ink) {
        var words = new ArrayList<String>();
        words.add(ink.faint(Times.full(event.text("at"))));
        words.add(event.text("id"));
        words.add(ink.strong(event.text("kind").replace('_', ' ')));
        words.add(event.text("subject"));
        event.find("before").ifPresent(before -> words.add("before " + before));
        event.find("after").ifPresent(after -> words.add("after " + after));
        event.find("actor").ifPresent(actor -> words.add("by " + actor));
        return String.join("  ", words.stream().filter(word -> !word.isEmpty()).map(Refusals::oneLine).toList());
    }

    private static List<String> fields(Json event) {
        if (!(event instanceof Json.Fields(var values))) {
            return List.of();
        }
        var fields = new ArrayList<String>();
        values.forEach((name, value) -> {
            String shown = value instanceof Json.Fields nested ? nested(nested) : value.words();
            if (!SHOWN_APART.contains(name) && !LEFT_OUT.contains(name) && !shown.isEmpty()) {
                fields.add(name + " " + shown);
            }
        });
        return fields;
    }

    private static String nested(Json.Fields nested) {
        String reason = nested.text("reason");
        return kind(nested.text("is")) + (reason.isEmpty() ? "" : ": " + Refusals.oneLine(reason));
    }

    /// "RingOpened" is "ring opened".
    private static String kind(String name) {
        return name.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }
}
