package cambium.server.http;

import java.util.Objects;

/// Ends a call with a [Problem]. Thrown only in the shell near HTTP; one place turns it into an answer.
public class Refused extends RuntimeException {
    private final Problem problem;

    public Refused(Problem problem) {
        super(problem.code() + ": " + problem.message(), null, false, false);
        this.problem = Objects.requireNonNull(problem);
    }

    public Refused(int status, String code, String message) {
        this(Problem.of(status, code, message));
    }

    public Refused(int status, String code, String message, String field) {
        this(Problem.of(status, code, message, field));
    }

    public Problem problem() {
        return problem;
    }
}
