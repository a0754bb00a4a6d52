package cambium.server.http;

import cambium.server.access.Actor;
import cambium.server.access.Permission;
import cambium.server.http.Authenticator.Standing;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// How many requests are worked on at a time, for each kind apart, so that a crowd of readers takes nothing from
/// uploads, and neither it nor the cells that report take anything from whoever pulls a brake. Whoever comes when all
/// places are taken is told so at once and waits for nothing: work that is begun is finished soon, instead of all of it
/// late. Only cells wait, since each has something to say that is said once, and a thousand of them come back at once.
/// Health and metrics are always answered.
///
/// Whoever is familiar is identified only in the place. Where a permission is asked for, a token of somebody else is
/// looked up before, some at a time and for each kind apart; who shows nothing has places of its own. So no crowd of
/// strangers stands before somebody who may call.
final class Admission {
    static final String OVERLOADED = "overloaded";

    private final Map<Kind, Places> places = new EnumMap<>(Kind.class);
    private final Map<Kind, Places> doors = new EnumMap<>(Kind.class);
    private final Places doorOfSuspects;

    /// A command is what changes something and asks for a permission. Strangers read, or send forms, whose bodies they
    /// may let drip.
    private enum Kind {
        READ, UPLOAD, COMMAND, REPORT, STRANGERS_READ, STRANGERS_FORM;

        static Kind of(Route route, Standing standing) {
            if (standing == Standing.NOBODY || standing != Standing.FAMILIAR && isOpen(route)) {
                return route.method().isSafe() ? STRANGERS_READ : STRANGERS_FORM;
            }
            if (route.permission() == Permission.REPORT_CELL) {
                return REPORT;
            }
            return switch (route.role()) {
                case UPLOAD -> UPLOAD;
                case INDEX, COORDINATE -> COMMAND;
                case WEB -> route.method().isSafe() || isOpen(route) ? READ : COMMAND;
            };
        }
    }

    private static boolean isOpen(Route route) {
        return route.permission() == Permission.NONE;
    }

    /// Places for each kind. A read holds one while its answer is made, not while it is sent; an upload from its first
    /// byte to its answer. Of reports so few that a coordinator's round soon finds a processor: while a hundred are
    /// worked on at once, each of its questions to the database waits behind all of them. Who shows nothing has as many
    /// places for reading, and as many for forms, as others have for reading. `strangers`: whose tokens are looked up
    /// first; of each kind as many as one question to the database asks for.
    record Limits(int reads, int uploads, int commands, Line reports, Line strangers) {
        static Limits standard() {
            var patience = Duration.ofSeconds(20);
            return new Limits(256, 128, 64, new Line(16, 4_000, patience), new Line(100, 4_000, patience));
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
        places.put(Kind.STRANGERS_READ, Places.without(limits.reads()));
        places.put(Kind.STRANGERS_FORM, Places.without(limits.reads()));
        for (var kind : EnumSet.range(Kind.READ, Kind.REPORT)) {
            doors.put(kind, new Places(limits.strangers()));
        }
        doorOfSuspects = new Places(limits.strangers());
    }

    /// @param identify throws where what is shown is not good
    Answer handle(Route route, Standing standing, Callable<Actor> identify, Callable<Answer> work) throws Exception {
        if (route.path().startsWith("/health/") || route.path().equals("/metrics")) {
            return work.call();
        }
        var looksUp = standing == Standing.STRANGE || standing == Standing.SUSPECT;
        if (isOpen(route) || !looksUp) {
            return in(places.get(Kind.of(route, standing)), work);
        }
        var kind = Kind.of(route, Standing.FAMILIAR);
        in(standing == Standing.SUSPECT ? doorOfSuspects : doors.get(kind), identify);
        return in(places.get(kind), work);
    }

    private static <T> T in(Places places, Callable<T> work) throws Exception {
        if (!places.take()) {
            throw new Refused(503, OVERLOADED, "more is asked of this server than it can do at once; try again soon");
        }
        try {
            return work.call();
        } finally {
            places.giveBack();
        }
    }
}
