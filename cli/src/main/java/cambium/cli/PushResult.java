package cambium.cli;

/// What became of one package of a push.
///
/// @param details what the server says of the package; empty when it was not taken
/// @param code why not, stable; empty for what was taken and is to be seen
record PushResult(String file, Outcome outcome, Json details, String code, String reason, String next) {
    enum Outcome { pushed, already_there, refused, not_indexed, not_sent }

    static PushResult taken(String file, Reply reply) {
        return new PushResult(file, reply.status() == 200 ? Outcome.already_there : Outcome.pushed, reply.json(),
                "", "", "");
    }

    static PushResult refused(String file, String code, Stop why) {
        return new PushResult(file, Outcome.refused, Json.fields(), code, why.getMessage(), why.next());
    }

    /// What came before it ended the whole push.
    static PushResult notSent(String file) {
        return new PushResult(file, Outcome.not_sent, Json.fields(), Outcome.not_sent.name(), "not sent",
                "run the same command again");
    }

    PushResult now(Json latest) {
        return new PushResult(file, outcome, latest, code, reason, next);
    }

    /// Stored, but package managers do not see it.
    PushResult notIndexed(Stop why) {
        return new PushResult(file, Outcome.not_indexed, details, Outcome.not_indexed.name(), why.getMessage(),
                why.next());
    }

    boolean isTaken() {
        return outcome == Outcome.pushed || outcome == Outcome.already_there;
    }

    boolean isVisible() {
        return "true".equals(details.text("indexed"));
    }

    /// As an operator reads it.
    String words() {
        return file + switch (outcome) {
            case pushed -> " pushed";
            case already_there -> " was there already, the same bytes";
            case refused -> " refused" + (code.isEmpty() ? "" : " (" + code + ")");
            case not_indexed -> " stored, but not to be seen";
            case not_sent -> " not sent";
        };
    }

    Json json() {
        Json.Fields json = Json.fields().with("file", file).with("result", outcome.name());
        if (!isTaken()) {
            json = json.with("code", code).with("reason", reason).with("next", next);
        }
        return details.equals(Json.fields()) ? json : json.with("package", details);
    }
}
