package cambium.server.joint;

import cambium.rollout.ApprovalStatus;
import cambium.rollout.AttemptId;
import cambium.rollout.DeliveryFigures;
import cambium.rollout.Fleet;
import cambium.rollout.FleetCommand;
import cambium.rollout.FleetStatus;
import cambium.server.access.Actor;
import cambium.server.fleet.CellDriver;
import cambium.server.fleet.CommandDesk;
import cambium.server.fleet.FleetHistory;
import cambium.server.fleet.FleetStore;
import cambium.server.fleet.Planner;
import cambium.server.fleet.RecordedEvent;
import cambium.server.fleet.handover.Strays;
import cambium.server.fleet.source.FollowedSource;
import cambium.server.fleet.source.SourceState;
import cambium.server.http.Refused;
import cambium.server.pages.FleetActs;
import cambium.server.pages.FleetReads;
import cambium.server.pages.Happened;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// The fleet as the pages read it and act on it. Safe for use by several threads; keeps the newest events in memory
/// and reads only those that are new.
public final class FleetForPages implements FleetReads, FleetActs {
    private static final int MAX_LOG_BYTES = 4 << 20;
    private static final Duration STRAYS_SHOWN = Duration.ofDays(7);
    private static final int MOST_STRAYS = 200;

    private final FleetStore store;
    private final Planner planner;
    private final CellDriver driver;
    private final FleetHistory history;
    private final CommandDesk desk;
    private final FollowedSource source;
    private final Strays strays;
    private final InstantSource clock;
    private final Deque<Happened> newest = new ArrayDeque<>();
    private long read = -1;

    public FleetForPages(FleetStore store, CommandDesk desk, FleetHistory history, Planner planner, CellDriver driver,
            FollowedSource source, Strays strays, InstantSource clock) {
        this.source = source;
        this.store = store;
        this.planner = planner;
        this.driver = driver;
        this.history = history;
        this.desk = desk;
        this.strays = strays;
        this.clock = clock;
    }

    @Override
    public Optional<String> brakeFile() {
        return desk.brakeFile();
    }

    @Override
    public FleetStatus status() {
        Fleet fleet = fleet();
        Instant now = clock.instant();
        return FleetStatus.of(fleet, planner.plan(fleet, now), now);
    }

    @Override
    public Fleet fleet() {
        return store.load().fleet();
    }

    @Override
    public Optional<Followed> followed() {
        return Optional.of(source.state()).filter(SourceState::followed).map(state -> new Followed(state.told(),
                state.waits() || state.trouble().isPresent()));
    }

    @Override
    public List<ApprovalStatus> approvals() {
        Fleet fleet = fleet();
        Instant now = clock.instant();
        return ApprovalStatus.of(fleet, planner.plan(fleet, now), now);
    }

    @Override
    public DeliveryFigures figures(int days) {
        return history.figures(days, clock.instant());
    }

    @Override
    public synchronized List<Happened> newest(int limit) {
        if (read < 0) {
            read = Math.max(0, store.load().revision() - MOST_EVENTS);
        }
        for (var page = store.events(read, FleetStore.MAX_EVENTS_PER_READ);
                !page.isEmpty();
                page = store.events(read, FleetStore.MAX_EVENTS_PER_READ)) {
            for (RecordedEvent recorded : page) {
                newest.addLast(new Happened(recorded.number(), recorded.event()));
                read = recorded.number();
            }
            while (newest.size() > MOST_EVENTS) {
                newest.removeFirst();
            }
        }
        var all = new ArrayList<>(newest);
        return all.subList(Math.max(0, all.size() - limit), all.size());
    }

    @Override
    public List<Happened> before(long number, int limit) {
        var found = new ArrayList<Happened>();
        var read = Math.max(0, number - 1 - limit);
        for (var page = store.events(read, FleetStore.MAX_EVENTS_PER_READ); !page.isEmpty() && read < number - 1;
                page = store.events(read, FleetStore.MAX_EVENTS_PER_READ)) {
            page.stream().filter(recorded -> recorded.number() < number)
                    .forEach(recorded -> found.add(new Happened(recorded.number(), recorded.event())));
            read = page.getLast().number();
        }
        return List.copyOf(found);
    }

    @Override
    public Optional<AttemptLog> log(AttemptId attempt) {
        return driver.log(attempt).map(FleetForPages::text);
    }

    private static AttemptLog text(InputStream log) {
        try (log) {
            byte[] bytes = log.readNBytes(MAX_LOG_BYTES + 1);
            boolean cut = bytes.length > MAX_LOG_BYTES;
            int length = Math.min(bytes.length, MAX_LOG_BYTES);
            return new AttemptLog(new String(bytes, 0, length, StandardCharsets.UTF_8), cut);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    @Override
    public Predicate<FleetCommand> rights(Actor of) {
        Fleet fleet = fleet();
        return command -> CommandDesk.permits(fleet, command, of);
    }

    @Override
    public List<Stray> strays() {
        return strays.strays(clock.instant().minus(STRAYS_SHOWN), MOST_STRAYS).stream().map(stray ->
                new Stray(stray.at(), stray.attempt(), stray.origin(), stray.said())).toList();
    }

    @Override
    public FleetCommand.Answer act(Actor by, FleetCommand command) {
        try {
            return new FleetCommand.Answer.Accepted(desk.run(command, by).events());
        } catch (Refused refused) {
            if (refused.problem().status() >= 500) {
                throw refused;
            }
            return new FleetCommand.Answer.Refused(refused.problem().code(), refused.problem().message());
        }
    }
}
