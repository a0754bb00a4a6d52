package cambium.server.pages;

import cambium.rollout.ApprovalStatus;
import cambium.rollout.AttemptId;
import cambium.rollout.DeliveryFigures;
import cambium.rollout.Fleet;
import cambium.rollout.FleetStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What the pages read of the fleet. Each answer is of one revision; two answers may be of two.
public interface FleetReads {
    /// The most events that a page looks back over.
    int MOST_EVENTS = 5_000;

    /// As `GET /api/fleet`: the state and the plan made from it now.
    FleetStatus status();

    Fleet fleet();

    /// Why a file in the data folder of this process brakes the fleet; empty where none does.
    Optional<String> brakeFile();

    /// As `GET /api/fleet/approvals`.
    List<ApprovalStatus> approvals();

    /// The newest events, oldest of them first; at most `limit`, at most [#MOST_EVENTS].
    List<Happened> newest(int limit);

    /// The events of the numbers below `number`, oldest of them first; at most `limit`, which is at most
    /// [#MOST_EVENTS].
    List<Happened> before(long number, int limit);

    /// How delivery fared over that many days, up to now.
    DeliveryFigures figures(int days);

    /// The repository that the fleet follows; empty where people declare it.
    Optional<Followed> followed();

    /// Results of the last seven days that changed nothing, newest first.
    List<Stray> strays();

    /// The log of an attempt as far as it is written; empty when nothing of it is kept (yet).
    Optional<AttemptLog> log(AttemptId attempt);

    /// How the fleet stands to the repository, in a sentence; `waits`: somebody has to act.
    record Followed(String text, boolean waits) {}

    /// `attempt` is as it was said, of whatever form; `origin` is who said it.
    record Stray(Instant at, String attempt, String origin, String said) {}

    /// `cut`: only the end of a longer log is in `text`.
    record AttemptLog(String text, boolean cut) {}
}
