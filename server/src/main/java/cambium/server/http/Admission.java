package cambium.server.http;

import cambium.server.access.Permission;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// How many requests are worked on at a time, for each kind apart, so that a crowd of readers takes nothing from
/// uploads, and neither it nor the cells that report take anything from whoever pulls a brake. Whoever comes when all
/// places are taken is told so at once and waits for nothing: work that is begun is finished soon, instead of all of it
/// late. Only cells wait, since each has something to say that is said once, and a thousand of them come back at once.
/// Who makes the request is asked only once it has its place. Health and metrics are always answered.
final class Admission {
    static final String OVERLOADED = "overloaded";

    private final Map<Kind, Places> places = new EnumMap<>(Kind.class);

    /// A command is what changes something and asks for a permission.
    private enum Kind {
        READ, UPLOAD, COMMAND, REPORT;

        static Kind of(Route route) {
            if (route.permission() == Permission.REPORT_CELL) {
                return REPORT;
            }
            return switch (route.role()) {
                case UPLOAD -> UPLOAD;
                case INDEX, COORDINATE -> COMMAND;
                case WEB -> route.method().isSafe() || route.permission() == Permission.NONE ? READ : COMMAND;
            };
        }
    }

    /// Places for each kind. A read holds one while its answer is made, not while it is sent; an upload from its first
    /// byte to its answer. Of reports so few that a coordinator's round soon finds a processor: while a hundred are
    /// worked on at once, each of its questions to the database waits behind all of them.
    record Limits(int reads, int uploads, int commands, Line reports) {
        static Limits standard() {
            return new Limits(256, 128, 64, new Line(16, 4_000, Duration.ofSeconds(20)));
        }
    }

    /// So many are worked on at once, and so many more wait for a place in the order in which they came, but for no
    /// longer than that.
    record Line(int atOnce, int waiting, Duration patience) {}

    private static final class Places {
        private final Semaphore free;
        private final Semaphore waiting;
        private final Duration patience;

        Places(Line line) {
            free = new Semaphore(line.atOnce(), true);
            waiting = new Semaphore(line.waiting());
            patience = line.patience();
        }

        static Places without(int atOnce) {
            return new Places(new Line(atOnce, 0, Duration.ZERO));
        }

        boolean take() throws InterruptedException {
            if (free.tryAcquire(0, TimeUnit.NANOSECONDS)) {
                return true;
            }
            if (!waiting.tryAcquire()) {
                return false;
            }
            try {
                return free.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
            } finally {
                waiting.release();
            }
        }

        void giveBack() {
            free.release();
        }
    }

    Admission(Limits limits) {
        places.put(Kind.READ, Places.without(limits.reads()));
        places.put(Kind.UPLOAD, Places.without(limits.uploads()));
        places.put(Kind.COMMAND, Places.without(limits.commands()));
        places.put(Kind.REPORT, new Places(limits.reports()));
    }

    Answer handle(Route route, Callable<Answer> work) throws Exception {
        if (route.path().startsWith("/health/") || route.path().equals("/metrics")) {
            return work.call();
        }
        var ofKind = places.get(Kind.of(route));
        if (!ofKind.take()) {
            throw new Refused(503, OVERLOADED, "more is asked of this server than it can do at once; try again soon");
        }
        try {
            return work.call();
        } finally {
            ofKind.giveBack();
        }
    }
}
