package cambium.server.webhook;

import cambium.server.webhook.EventLog.Line;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// Events as a mail that is read on a telephone at night: the first line says what happened, then why, what it waits
/// for, and where to look. Many events are one letter; the first are told, the rest counted.
record Letter(String subject, String body) {
    static final int MOST_TOLD = 25;
    private static final int MAX_SUBJECT_CHARACTERS = 150;
    private static final int MAX_TEXT_CHARACTERS = 1_000;
    private static final DateTimeFormatter AT = DateTimeFormatter.ofPattern("d MMM yyyy HH:mm:ss 'UTC'", Locale.ENGLISH)
        .withZone(ZoneOffset.UTC);

    /// @param about what the events are of: a fleet or a repository, and its name
    /// @param address of the server's pages
    static Letter of(List<Line> lines, Map<String, Object> about, String address, String ending) {
        String whose = plain(about.entrySet().stream().map(each -> each.getKey() + " " + each.getValue())
            .collect(Collectors.joining(", ")), MAX_TEXT_CHARACTERS);
        var body = new StringBuilder();
        if (lines.size() > 1) {
            body.append(lines.size()).append(" events, the oldest first:\n\n");
        }
        lines.stream().limit(MOST_TOLD).forEach(line -> tell(body, line, address));
        if (lines.size() > MOST_TOLD) {
            body.append("… and ").append(lines.size() - MOST_TOLD).append(" more: ").append(address).append("\n\n");
        }
        body.append("-- \n").append(whose).append(", ").append(address).append('\n').append(ending).append('\n');
        return new Letter(subject(lines, about), body.toString());
    }

    private static String subject(List<Line> lines, Map<String, Object> about) {
        String rest = lines.size() > 1 ? " (+" + (lines.size() - 1) + " more)" : "";
        String name = about.values().stream().map(String::valueOf).collect(Collectors.joining(", "));
        return plain("[" + (name.isEmpty() ? "cambium" : name) + "] " + lines.getFirst().what(),
            MAX_SUBJECT_CHARACTERS) + rest;
    }

    private static void tell(StringBuilder body, Line line, String address) {
        body.append(plain(line.what(), MAX_TEXT_CHARACTERS)).append('\n');
        line.why().ifPresent(why -> body.append("Why: ").append(plain(why, MAX_TEXT_CHARACTERS)).append('\n'));
        line.waits().ifPresent(wait -> body.append("Waits: ").append(plain(wait, MAX_TEXT_CHARACTERS)).append('\n'));
        body.append(AT.format(line.at()));
        line.who().ifPresent(who -> body.append(" by ").append(plain(who, MAX_SUBJECT_CHARACTERS)));
        body.append('\n').append(address).append(line.page()).append("\n\n");
    }

    /// On one line, without characters that steer or hide.
    private static String plain(String text, int most) {
        String plain = text.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]+", " ").strip();
        return plain.length() <= most ? plain : plain.substring(0, most - 1) + "…";
    }
}
