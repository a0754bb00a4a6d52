package cambium.cli;

import java.io.IOException;
import java.net.URI;
import java.net.UnknownHostException;

/// Turns what went wrong between here and the server into a cause and a next step, each one line.
final class Refusals {
    private Refusals() {}

    static Stop unreachable(URI server, IOException broken) {
        if (broken instanceof Api.UnreadableFile) {
            return Stop.usage(broken.getMessage(), "check the file and run the same command again");
        }
        String reason = broken instanceof UnknownHostException ? "unknown host" : reason(broken);
        return Stop.unreachable("cannot reach " + server + ": " + reason,
                "start a server with: cambium serve; or name yours with --server URL or CAMBIUM_URL");
    }

    private static String reason(IOException broken) {
        String message = broken.getMessage();
        return message == null || message.isBlank() ? "the connection broke" : oneLine(message);
    }

    static Stop of(Reply reply) {
        Json problem = reply.json();
        String code = problem.text("code");
        String cause = problem.find("message").or(() -> problem.find("error"))
                .orElseGet(() -> reply.status() == 422 ? fields(problem) : "");
        if (problem.items("problems").size() > 1) {
            cause = several(problem);
        }
        String told = cause;
        String field = problem.find("field").filter(name -> !told.contains(name)).map(name -> " (" + name + ")")
                .orElse("");
        String shown = cause.isEmpty() ? unexplained(reply.status())
                : cause.contains("\n  ") ? cause : oneLine(cause) + field;
        return Stop.refused(shown, next(reply.status(), code, problem), reply);
    }

    /// A file with several mistakes: all of them at once, each on a line.
    private static String several(Json problem) {
        var lines = new StringBuilder(problem.items("problems").size() + " problems:");
        for (Json each : problem.items("problems")) {
            lines.append("\n  ").append(each.find("line").map(line -> "line " + line + ": ").orElse(""))
                    .append(each.find("field").map(name -> name + ": ").orElse(""))
                    .append(oneLine(each.text("message")));
        }
        return lines.toString();
    }

    /// packagecloud's shape: each field with its messages.
    private static String fields(Json problem) {
        return problem instanceof Json.Fields(var values) ? String.join("; ", values.entrySet().stream()
                .map(field -> field.getKey() + " " + field.getValue().words()).toList()) : "";
    }

    private static String unexplained(int status) {
        return status == 401 ? "the server does not accept the token" : "the server answered " + status;
    }

    static String next(int status, String code, Json problem) {
        return switch (code) {
            case "braked" -> "see every brake with: cambium brake; release one with: cambium brake off --why TEXT";
            case "pinned", "no_pin" -> "see what is pinned with: cambium pin; release one with: cambium pin --off"
                    + " --ring N|--cell C --why TEXT";
            case "not_graduated", "ring_order" -> "see what it waits for with: cambium why VERSION";
            case "no_hotfix_lane", "under_way" -> "deploy it without --hotfix, or see how it fares: cambium status";
            case "migration_crossed" -> "going back now needs downtime: add --with-downtime if the cell may be down";
            case "unknown_cell", "unknown_ring", "unknown_version" -> "see what there is with: cambium status";
            case "large_change" -> "look at it with: cambium diff FILE; if it is meant: cambium apply -f FILE"
                    + " --large-change REASON";
            case "ring_by_ring" -> "cambium apply -f FILE --through-ring N; all at once:"
                    + " cambium apply -f FILE --large-change REASON";
            case "change_rests", "change_braked" -> "wait, and look at: cambium status; sooner, if it must be:"
                    + " --large-change REASON";
            case "cell_crosses", "not_sound_alone" -> "take more of it: cambium diff FILE --through-ring N";
            case "cell_busy" -> "wait until it is free: cambium status --watch";
            case "file_is_source" -> "in an emergency: cambium apply -f FILE --beside-source; brakes, vetoes and"
                    + " approvals work as ever";
            case "commit_moved" -> "look at it with: cambium source";
            case "no_fleet" -> "declare one with: cambium apply -f FILE";
            case "blocked" -> "once it is safe: cambium release VERSION --why TEXT";
            case "not_blocked", "not_baked", "nothing_to_go_back_to" ->
                    "see where it is with: cambium why VERSION, or cambium status";
            case "unknown_attempt" -> "see the attempts with: cambium events";
            case "invalid_yaml", "invalid_fleet", "unknown_field" ->
                    "correct the file, then try it with: cambium apply -f FILE --dry-run";
            case "why_missing" -> "say why with: --why TEXT";
            default -> nextByStatus(status, problem);
        };
    }

    private static String nextByStatus(int status, Json problem) {
        String request = problem.find("request_id").map(id -> " for request " + id).orElse("");
        return switch (status) {
            case 401 -> "give a token with --token-file FILE or CAMBIUM_TOKEN; the first one is in DATA/admin-token";
            case 403 -> "use a token that may do this, or ask one of ops";
            case 404 -> "check the name; see what there is with: cambium status";
            case 409, 422 -> problem.text("filename").contains("already been taken")
                    ? "raise the version of the package: what is published keeps its bytes"
                    : "correct that and run the same command again";
            case 413 -> "the file is larger than the server takes; ask one of ops for its limit";
            case 429, 503 -> "the server is busy or starting; try again in a few seconds";
            default -> status >= 500 ? "look into the server's log" + request : "see: cambium help";
        };
    }

    static String oneLine(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }
}
