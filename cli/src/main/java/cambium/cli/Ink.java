package cambium.cli;

/// Colours by meaning, not by name. States the operator must look at are red, what moves is cyan, what is well is
/// green; the word itself always says the same, so nothing is lost without colour.
record Ink(boolean on) {

    String state(String word) {
        return switch (word) {
            case "healthy", "converged", "complete", "graduated" -> paint("32", word);
            case "failed", "blocked", "harmful", "unreachable", "unknown", "rolling-back" -> paint("31", word);
            case "deploying", "verifying", "baking", "rolling", "pdm" -> paint("36", word);
            default -> word;
        };
    }

    String strong(String text) {
        return paint("1", text);
    }

    String faint(String text) {
        return paint("2", text);
    }

    String alarm(String text) {
        return paint("1;31", text);
    }

    private String paint(String code, String text) {
        return on && !text.isEmpty() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
