package cambium.rollout;

/// Calls somebody, once, for each state that a person has to look at.
final class Paging {
    private Paging() {}

    static void decide(Situation situation, Draft draft) {
        brakes(situation, draft);
        drill(situation, draft);
        log(situation, draft);
        pins(situation, draft);
        tooFarBehind(situation, draft);
        for (var version : situation.fleet.versions().values()) {
            version.blocked().filter(blocked -> blocked.by().equals(FleetEvent.AUTOMATION)).ifPresent(blocked ->
                    draft.page("blocked:" + version.version() + ":" + blocked.at(),
                            new Scope.OfVersion(version.version()),
                            version.version() + " is " + blocked.ground().word() + ": " + blocked.why()));
            version.failures().forEach((cell, failure) -> draft.page("failed:" + failure.attempt(),
                    new Scope.OfCell(cell),
                    version.version() + " failed here" + (failure.soft() ? " (softly): " : ": ") + failure.why()));
        }
        for (var standing : situation.standings()) {
            standing.members().forEach(member -> {
                if (member.overdue()) {
                    late(draft, standing, member);
                }
                drifted(draft, member.cell(), standing.target().version());
            });
            Standstill.since(situation, standing).map(since -> Standstill.wait(standing, since)).ifPresent(wait ->
                    draft.page("progress:" + wait.subject() + ":" + wait.text(), wait.subject(), wait.text()));
        }
        for (var cell : situation.fleet.cells().values()) {
            unreachable(situation, draft, cell);
            cell.attempts().values().forEach(attempt -> attempt(situation, draft, cell, attempt));
        }
    }

    /// A version that only other hands can have put there is told at the first look, whether it is put right or not.
    private static void drifted(Draft draft, Cell cell, ProductVersion target) {
        boolean given = cell.given().filter(known -> known.version().equals(target)).isPresent();
        if (given && cell.strayed(target) && cell.current().isEmpty()) {
            draft.page("drift:" + cell.id() + ":" + cell.sight().orElseThrow().since(), new Scope.OfCell(cell.id()),
                    "drifted: " + Waits.seen(cell) + ", not " + target + ", which it had baked");
        }
    }

    private static void late(Draft draft, RingStanding standing, RingStanding.Member member) {
        if (!(member.standing() instanceof CellStanding.Converged)
                && !(member.standing() instanceof CellStanding.Excused)) {
            draft.page("late:" + member.cell().id() + ":" + standing.target().rollout(),
                    new Scope.OfCell(member.cell().id()), "has not joined ring " + standing.spec().ring() + " on "
                    + standing.target().version() + " in time, so the ring goes on without it"
                    + RingStanding.waitOf(member).map(wait -> ": " + wait.text()).orElse(""));
        }
    }

    /// A brake never ends by itself, so whoever forgot it is reminded.
    private static void brakes(Situation situation, Draft draft) {
        for (var brake : situation.fleet.brakes().values()) {
            if (!brake.scope().equals(BrakeDrill.SCOPE)) {
                brake.askedAbout(situation.now).ifPresent(asked -> draft.page("brake:" + brake.scope() + ":"
                        + brake.since() + ":" + asked, brake.scope(), brake.told() + "; it is on since "
                        + WholeSeconds.at(brake.since())
                        + " and holds until somebody releases it: release it, or set it again with a later time"));
            }
        }
    }

    /// Told once for all drills that fail between two that pass.
    private static void drill(Situation situation, Draft draft) {
        situation.fleet.drill().flatMap(BrakeDrill::failure).ifPresent(why -> draft.page("drill:"
                + situation.fleet.drill().flatMap(BrakeDrill::passedAt).map(Object::toString).orElse("never"),
                new Scope.FleetWide(), "the drill of the brake failed, so do not rely on brakes: " + why));
    }

    private static void log(Situation situation, Draft draft) {
        situation.fleet.log().flaw().ifPresent(flaw -> draft.page("log:" + flaw.number() + ":" + flaw.found(),
                new Scope.FleetWide(), flaw.told()));
    }

    private static void pins(Situation situation, Draft draft) {
        for (var pin : situation.fleet.pins().values()) {
            pin.reminder().last(situation.now).ifPresent(asked -> draft.page("pin:" + pin.scope() + ":" + pin.since()
                    + ":" + asked, pin.scope(), pin.told() + "; it holds since " + WholeSeconds.at(pin.since())
                    + " and until somebody releases it: release it, or pin it again with a later time"));
        }
    }

    /// Told once for each version that is the oldest one missing; the status tells it as long as it lasts.
    private static void tooFarBehind(Situation situation, Draft draft) {
        for (var late : TooFarBehind.in(situation.fleet, situation.now)) {
            draft.page("behind:" + late.ring() + ":" + late.behind().since().orElseThrow(),
                    new Scope.OfRing(late.ring()), late.text());
        }
    }

    private static void unreachable(Situation situation, Draft draft, Cell cell) {
        if (cell.sight().isEmpty() || cell.reachable() || !cell.sight().get().everReached() || cell.ring()
                .equals(RingNumber.QUARANTINE)) {
            return;
        }
        var since = cell.sight().get().since();
        var timeout = situation.policyOf(cell).timeout();
        if (!situation.now.isBefore(since.plus(timeout))) {
            draft.page("unreachable:" + cell.id() + ":" + since, new Scope.OfCell(cell.id()), "cannot be reached since "
                    + WholeSeconds.at(since));
        }
    }

    private static void attempt(Situation situation, Draft draft, Cell cell, Attempt attempt) {
        if (attempt.lost()) {
            draft.page("lost:" + attempt.id(), new Scope.OfCell(cell.id()), "nobody can tell how " + attempt.id()
                    + " ended: "
                    + CellStandings.ending(attempt));
        }
        boolean softQa = attempt.id().step() == Step.QA && attempt.finishedAt().isPresent() && !attempt.succeeded()
                && situation.policyOf(cell).qa() == RingPolicy.Qa.SOFT;
        if (softQa) {
            draft.page("qa:" + attempt.id(), new Scope.OfCell(cell.id()), "QA of " + attempt.version()
                    + " did not pass (softly): "
                    + CellStandings.ending(attempt));
        }
    }
}
