package cambium.server.fleet.yaml;

import cambium.rollout.AtOnce;
import cambium.rollout.Bake;
import cambium.rollout.BehindLimit;
import cambium.rollout.CellId;
import cambium.rollout.CellPolicy;
import cambium.rollout.ChangeRest;
import cambium.rollout.FleetRules;
import cambium.rollout.Gates;
import cambium.rollout.LargeChange;
import cambium.rollout.Mandatory;
import cambium.rollout.Pace;
import cambium.rollout.RingPolicy;
import cambium.rollout.Schedule;
import cambium.rollout.StepKind;
import cambium.rollout.Supersede;
import cambium.rollout.Window;
import cambium.server.config.Nearest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Reads how rings take versions: a ring's policy, and the rules of the whole fleet.
final class PolicyYaml {
    private final Section.Problems problems;

    PolicyYaml(Section.Problems problems) {
        this.problems = problems;
    }

    /// A field left out comes from the defaults.
    RingPolicy read(Section section, RingPolicy defaults) {
        var before = problems.found.size();
        try {
            return defaults.with(parts -> {
                read(section, parts);
                section.done();
            });
        } catch (IllegalArgumentException wrong) {
            if (problems.found.size() == before) {
                section.problem(fieldOf(wrong), wrong.getMessage());
            }
            return defaults;
        }
    }

    private void read(Section section, RingPolicy.Parts parts) {
        var bake = parts.bake;
        parts.bake = section.section("bake").map(own -> bake(own, bake)).orElse(bake);
        parts.atOnce = section.parsed("at-once", parts.atOnce, AtOnce::of);
        parts.canaryFirst = section.number("canary-first", parts.canaryFirst);
        parts.qa = section.word("qa", RingPolicy.Qa.class, parts.qa);
        parts.toleratedFailures = section.number("tolerated-failures", parts.toleratedFailures);
        parts.mandatory = section.has("mandatory") ? mandatory(section) : parts.mandatory;
        parts.retries = section.number("retries", parts.retries);
        parts.timeout = section.duration("timeout", parts.timeout);
        parts.health = section.word("health", RingPolicy.HealthGate.class, parts.health);
        parts.pace = pace(section, parts.pace);
        parts.windows = windows(section, parts.windows);
        parts.gates = gates(section, parts.gates);
        parts.supersede = section.word("supersede", Supersede.class, parts.supersede);
        parts.cells = parts.cells.with(cells -> {
            pdm(section, parts, cells);
            cells.joinWithin = section.duration("join-within", cells.joinWithin);
            cells.quarantineAfter = section.number("quarantine-after", cells.quarantineAfter);
            cells.onDrift = section.word("on-drift", CellPolicy.OnDrift.class, cells.onDrift);
            cells.mostBehind = mostBehind(section, cells.mostBehind);
            cells.kind = section.word("deploy", StepKind.class, cells.kind);
        });
    }

    /// A word, or `{after: 24h}`: after the bake and that long. A word alone means no such grace.
    private static void pdm(Section section, RingPolicy.Parts parts, CellPolicy.Parts cells) {
        if (section.isMapping("pdm")) {
            var own = section.section("pdm").orElseThrow();
            parts.pdm = RingPolicy.Pdm.AFTER_BAKE;
            cells.pdmGrace = own.duration("after", Duration.ZERO);
            own.done();
        } else if (section.has("pdm")) {
            parts.pdm = section.word("pdm", RingPolicy.Pdm.class, parts.pdm);
            cells.pdmGrace = Duration.ZERO;
        }
    }

    /// `{versions: 2, time: 48h}`, or one of them, also with `then: pause`; or `none`.
    private static Optional<BehindLimit> mostBehind(Section section, Optional<BehindLimit> defaults) {
        if (!section.isMapping("most-behind")) {
            return section.parsed("most-behind", defaults, text -> {
                if (text.equals("none")) {
                    return Optional.empty();
                }
                throw new IllegalArgumentException("'" + text + "' is not a limit, such as {versions: 2, time: 48h}");
            });
        }
        var own = section.section("most-behind").orElseThrow();
        var versions = own.has("versions") ? Optional.of(own.number("versions", 0)) : Optional.<Integer>empty();
        var time = own.has("time") ? Optional.of(own.duration("time", Duration.ZERO)) : Optional.<Duration>empty();
        var then = own.word("then", BehindLimit.Then.class, BehindLimit.Then.DEFAULT);
        own.done();
        return sound(section, "most-behind", defaults, () -> Optional.of(new BehindLimit(versions, time, then)));
    }

    /// A word, or `{approvers: 2}`.
    private static Gates gates(Section section, Gates defaults) {
        if (!section.isMapping("approval")) {
            return section.has("approval")
                    ? new Gates(section.word("approval", Approval.class, Approval.NONE).ordinal()) : defaults;
        }
        var own = section.section("approval").orElseThrow();
        var approvers = own.number("approvers", 1);
        own.done();
        return sound(section, "approval", defaults, () -> new Gates(approvers));
    }

    private enum Approval { NONE, REQUIRED }

    /// What every ring obeys; these fields stand at the top of the file.
    FleetRules rules(Section top) {
        return new FleetRules(windows(top, FleetRules.DEFAULT.windows()));
    }

    /// `large-change: 30%` at the top of the file.
    static LargeChange largeChange(Section top) {
        return top.parsed("large-change", LargeChange.DEFAULT, text -> {
            if (!text.matches("[0-9]{1,3}%")) {
                throw new IllegalArgumentException("a share such as 30% is expected, not '" + text + "'");
            }
            return new LargeChange(Integer.parseInt(text.substring(0, text.length() - 1)));
        });
    }

    /// `change-rest: 1h` at the top of the file.
    static ChangeRest changeRest(Section top) {
        var rest = top.duration("change-rest", ChangeRest.DEFAULT.rest());
        return sound(top, "change-rest", ChangeRest.DEFAULT, () -> new ChangeRest(rest));
    }

    private static Pace pace(Section section, Pace defaults) {
        var rate = section.has("start-rate")
                ? section.parsed("start-rate", Optional.<Pace.StartRate>empty(), text ->
                        text.equals("none") ? Optional.<Pace.StartRate>empty() : Optional.of(Pace.StartRate.of(text)))
                : defaults.startRate();
        var backOff = section.section("back-off").map(own -> {
            var first = own.duration("first", defaults.backOff().first());
            var most = own.duration("most", defaults.backOff().most());
            own.done();
            return sound(section, "back-off", defaults.backOff(), () -> new Pace.BackOff(first, most));
        }).orElse(defaults.backOff());
        return new Pace(rate, backOff, progress(section, defaults));
    }

    /// A section, or the word `none`.
    private static Optional<Pace.Progress> progress(Section section, Pace defaults) {
        if (section.has("progress") && !section.isMapping("progress")) {
            section.word("progress", Nothing.class, Nothing.NONE);
            return Optional.empty();
        }
        return section.section("progress").map(own -> {
            var within = own.duration("within", defaults.progress().map(Pace.Progress::within)
                    .orElse(Duration.ofHours(1)));
            var then = own.word("then", Then.class, Then.PAGE);
            own.done();
            return sound(section, "progress", defaults.progress(), () ->
                    Optional.of(new Pace.Progress(within, then == Then.FAIL)));
        }).orElse(defaults.progress());
    }

    private enum Nothing { NONE }

    private enum Then { PAGE, FAIL }

    private static Schedule windows(Section section, Schedule defaults) {
        return section.section("windows").map(own -> {
            var zone = own.parsed("zone", (ZoneId) ZoneOffset.UTC, PolicyYaml::zone);
            var allow = own.has("allow") ? windows(own, "allow", zone) : List.<Window>of();
            var deny = own.has("deny") ? windows(own, "deny", zone) : List.<Window>of();
            own.done();
            return sound(section, "windows", defaults, () -> new Schedule(allow, deny));
        }).orElse(defaults);
    }

    private static ZoneId zone(String text) {
        try {
            return ZoneId.of(text);
        } catch (DateTimeException unknown) {
            throw new IllegalArgumentException("there is no time zone '" + text + "'"
                    + Nearest.to(text, ZoneId.getAvailableZoneIds().stream().sorted().toList())
                    .map(near -> "; did you mean '" + near + "'?").orElse(", such as Europe/Berlin"));
        }
    }

    private static List<Window> windows(Section around, String name, ZoneId zone) {
        return around.items(name, item -> around.item(item)).stream().flatMap(section -> {
            var from = section.requiredParsed("from", LocalDateTime.MIN, PolicyYaml::time);
            var length = section.duration("for", Duration.ofHours(1));
            if (!section.has("for")) {
                section.problem("for", "the field is missing");
            }
            var repeat = section.text("repeat");
            var why = section.text("why");
            var own = section.parsed("zone", zone, PolicyYaml::zone);
            section.done();
            return from.equals(LocalDateTime.MIN) ? Stream.<Window>empty()
                    : sound(section, "", Optional.<Window>empty(), () ->
                            Optional.of(new Window(own, from, length, repeat, why))).stream();
        }).toList();
    }

    private static LocalDateTime time(String text) {
        try {
            return LocalDateTime.parse(text);
        } catch (DateTimeException wrong) {
            throw new IllegalArgumentException("a local time such as 2026-12-23T18:00 is expected, not '" + text + "'");
        }
    }

    /// What the types of the fleet refuse becomes a problem of the field; where none is named, of the one that the
    /// refusal begins with.
    private static <T> T sound(Section section, String field, T otherwise, Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException wrong) {
            section.problem(field.isEmpty() ? fieldOf(wrong) : field, wrong.getMessage());
            return otherwise;
        }
    }

    private static Mandatory mandatory(Section section) {
        var cells = new TreeSet<CellId>();
        section.items("mandatory", item -> {
            var text = item.node() instanceof YamlValue.Scalar scalar ? scalar.text() : "";
            try {
                cells.add(CellId.of(text));
            } catch (IllegalArgumentException wrong) {
                section.problem("mandatory", wrong.getMessage());
            }
            return Optional.empty();
        });
        return new Mandatory(cells);
    }

    /// The message of a policy that cannot be begins with the name of the field.
    private static String fieldOf(IllegalArgumentException wrong) {
        return wrong.getMessage().split(" ", 2)[0];
    }

    private static Bake bake(Section section, Bake defaults) {
        var time = section.duration("time", defaults.time());
        var samples = section.number("samples", (int) defaults.samples());
        var bake = sound(section, defaults, () -> new Bake(time, samples));
        // What it takes over from all rings is no longer than the ring's own bake.
        var lane = defaults.hotfix().filter(known -> bake.time().compareTo(Bake.Hotfix.MIN_TIME) >= 0)
                .map(known -> new Bake.Hotfix(known.time().compareTo(bake.time()) > 0 ? bake.time() : known.time(),
                        Math.clamp(known.samples(), Math.min(1, bake.samples()), bake.samples())));
        if (section.has("hotfix") && !section.isMapping("hotfix")) {
            section.word("hotfix", Nothing.class, Nothing.NONE);
            section.done();
            return bake;
        }
        if (section.has("hotfix")) {
            var own = section.section("hotfix").orElseThrow();
            var ownTime = own.duration("time", lane.map(Bake.Hotfix::time).orElse(bake.time()));
            var ownSamples = own.number("samples", lane.map(Bake.Hotfix::samples).orElse(bake.samples()).intValue());
            own.done();
            section.done();
            return sound(own, bake, () -> new Bake(bake.time(), bake.samples(),
                    Optional.of(new Bake.Hotfix(ownTime, ownSamples))));
        }
        section.done();
        return new Bake(bake.time(), bake.samples(), lane);
    }

    private static Bake sound(Section section, Bake otherwise, Supplier<Bake> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException wrong) {
            section.problem(wrong.getMessage().contains("samples") ? "samples" : "time", wrong.getMessage());
            return otherwise;
        }
    }
}
