package cambium.server.fleet.source;

import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/// What is known of the repository that the fleet follows, and how the fleet stands to it.
///
/// @param lookedAt when the repository last answered
/// @param trouble why it does not answer, while it does not
/// @param seen the head of its branch, the last time that it answered
/// @param standing how the fleet stands to that head
/// @param applied the last commit that the fleet took
public record SourceState(boolean followed, String url, String branch, String file, Optional<Instant> lookedAt,
        Optional<Trouble> trouble, Optional<Seen> seen, Standing standing, Optional<Applied> applied) {
    public record Trouble(String why, Instant since) {}

    /// @param containsApplied whether the commit that the fleet took last is below it
    /// @param content the file; empty where the commit has none that could be used, as `refusal` says
    public record Seen(String commit, Instant at, String author, boolean containsApplied, Optional<byte[]> content,
            Optional<Refusal> refusal) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Seen(var otherCommit, _, _, var contains, var bytes, _)
                    && commit.equals(otherCommit) && containsApplied == contains
                    && Arrays.equals(content.orElse(new byte[0]), bytes.orElse(new byte[0]));
        }

        @Override
        public int hashCode() {
            return commit.hashCode();
        }
    }

    public record Refusal(String code, String message) {}

    public record Applied(String commit, Instant at, String by, byte[] content) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Applied(var otherCommit, var otherAt, var otherBy, _)
                    && commit.equals(otherCommit) && at.equals(otherAt) && by.equals(otherBy);
        }

        @Override
        public int hashCode() {
            return commit.hashCode();
        }
    }

    /// @param state how they stand
    /// @param refusal why the fleet is not as the head says, where it is not
    public record Standing(State state, Optional<Refusal> refusal, Instant since) {}

    public enum State {
        /// Nothing was seen yet, or the head was not compared with the fleet yet.
        STARTING,
        /// The fleet is as the head of the branch says.
        IN_STEP,
        /// The fleet takes what the head says ring by ring, and has taken a part of it or waits to.
        STAGED,
        /// The head says what the fleet refuses.
        REFUSED,
        /// The fleet was declared by somebody else, and the head says something else.
        DRIFTED,
        /// The commit that the fleet took last is not below the head.
        REWRITTEN;

        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }

    /// In a sentence.
    public String told() {
        return "The fleet follows " + file + " in branch " + branch + " of " + url
                + standing.refusal().map(refusal -> (standing.state() == State.STAGED
                        ? ". It takes the newest commit ring by ring: " : ". It is not as the newest commit says: ")
                        + refusal.message())
                        .or(() -> applied.map(last -> ", and is as commit " + GitBranch.brief(last.commit()) + " says"))
                        .orElse("")
                + trouble.map(broken -> ". The repository does not answer: " + broken.why()).orElse("");
    }

    /// Whether a person has to act: what the repository says is not what the fleet is, and it does not get there by
    /// itself.
    public boolean waits() {
        return followed && standing.state() != State.STAGED && standing.refusal().isPresent();
    }
}
