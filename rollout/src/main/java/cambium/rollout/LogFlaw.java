package cambium.rollout;

/// An event of the fleet's log that is not what was written: its hash is not that of its text and the event before.
///
/// @param number of the event, from 1
/// @param found the hash that it gives now, or how many events are missing from there on: a further change differs
/// @param what is wrong, as the end of a sentence that begins with the event
public record LogFlaw(long number, String found, String what) {
    /// Where to read on.
    public static final String RUNBOOK = "docs/OPERATIONS.md, 'A changed log'";

    public LogFlaw {
        found = Grammar.text("found", found);
        what = Grammar.text("what", what);
    }

    public boolean same(LogFlaw other) {
        return number == other.number && found.equals(other.found);
    }

    /// What is wrong, and what it holds up.
    public String told() {
        return "event " + number + " of the fleet's log " + what + "; nothing starts until it is as it was written, or "
                + "somebody accepts it (" + RUNBOOK + ")";
    }
}
