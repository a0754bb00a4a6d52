package cambium.server.pages;

import cambium.rollout.CellId;
import cambium.rollout.FleetCommand;
import cambium.rollout.ProductVersion;
import cambium.rollout.RingNumber;
import cambium.rollout.Scope;
import cambium.server.http.Parameters;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The forms of all acts, and what a sent form asks the fleet for.
final class Forms {
    private final Shell shell;

    Forms(Shell shell) {
        this.shell = shell;
    }

    /// The empty form of an act. [IllegalArgumentException] where the address names nothing sensible.
    ActionForm form(Act act, Parameters asked, FleetNow fleet) {
        return switch (act) {
            case BRAKE -> brake(asked.first("scope").orElse("fleet"), fleet);
            case RELEASE_BRAKE -> releaseBrake(needed(asked, "scope"), fleet);
            case ROLLBACK -> rollback(rollbackScope(asked));
            case APPROVE -> approve(needed(asked, "version"), needed(asked, "ring"));
            case GRADUATE -> ofVersion(act, "Graduate ", needed(asked, "version"), "A graduated version may cross the"
                    + " perimeter. It needs PDM to have succeeded on the primary main.", "Graduate");
            case PDM -> pdm(needed(asked, "version"), asked.first("cell"));
            case VETO -> ofVersion(act, "Veto ", needed(asked, "version"), "It starts nowhere any more, in no ring,"
                    + " until it is released by name. Cells that baked it keep it.", "Veto").withWhy();
            case RELEASE -> ofVersion(act, "Release the block of ", needed(asked, "version"),
                    "The version may start again, from ring 0 on.", "Release").withWhy();
            case RETRY -> retry(needed(asked, "cell"), needed(asked, "version"));
        };
    }

    ActionForm brake(String scope, FleetNow fleet) {
        Scope.of(scope);
        var options = new ArrayList<String>();
        options.add("fleet");
        fleet.rings().forEach(ring -> options.add("ring " + ring.ring()));
        if (!options.contains(scope)) {
            options.add(scope);
        }
        return plain(Act.BRAKE, "Brake", "Nothing new starts in this scope until the brake is released. What runs"
                + " finishes, and rollbacks stay possible.", "Brake", back(scope))
                .withChoice(new ActionForm.Choice("scope", "What to brake", scope, options))
                .withWhy()
                .withUntil()
                .withTick("cancel", "Also end the deployments that run there, where their driver can; never a PDM or a"
                        + " rollback")
                .asDanger();
    }

    private ActionForm releaseBrake(String text, FleetNow fleet) {
        String scope = Scope.of(text).toString();
        String then = fleet.underTheFile(scope) ? "It is released only once the file named brake is gone from the data"
                + " folder of this server: the board of brakes says how." : "Rollouts go on at once where nothing else"
                + " holds them. " + Brakes.left(fleet, scope);
        return plain(Act.RELEASE_BRAKE, "Release the brake on " + scope, then, "Release", back(scope))
                .withHidden("scope", scope)
                .withWhy();
    }

    private ActionForm rollback(String scope) {
        String explanation = Scope.of(scope) instanceof Scope.OfVersion
                ? "Blocks the version: it starts nowhere until it is released by name, and every cell that runs it"
                        + " goes back to its last known good version."
                : "Takes it back to its last known good version and holds the version it leaves off it.";
        return plain(Act.ROLLBACK, "Roll back " + scope, explanation, "Roll back", back(scope))
                .withHidden("scope", scope)
                .withWhy()
                .withTick("with_downtime", "Accept downtime: also go back where PDM has already run")
                .asDanger();
    }

    private ActionForm pdm(String version, Optional<String> cell) {
        var form = ofVersion(Act.PDM, "Run PDM of ", version, "Post-deployment migrations run"
                + cell.map(name -> " on " + name).orElse(" on the cells that wait for a person")
                + ". Once they have begun, going back needs downtime.", "Run PDM");
        return cell.map(name -> form.withHidden("cell", name)).orElse(form);
    }

    private ActionForm retry(String cell, String version) {
        return ofVersion(Act.RETRY, "Try again: ", version, "Lifts holds and failures of this version on " + cell
                + ", so that it may be deployed there again.", "Try again").withHidden("cell", cell);
    }

    private ActionForm approve(String version, String ring) {
        return ofVersion(Act.APPROVE, "Ring " + RingNumber.of(ring) + " and ", version, "An approval lets this rollout"
                + " of exactly this version into exactly this ring, once the ring inside has proved it. A refusal"
                + " stands until it is withdrawn. Withdrawing takes back what was said, and starts nothing more"
                + " there.", "Say so")
                .withHidden("ring", ring)
                .withChoice(new ActionForm.Choice("ruling", "What you say", "approve",
                        List.of("approve", "refuse", "withdraw")))
                .withWhy();
    }

    private static FleetCommand.Ruling ruling(String word) {
        return switch (word) {
            case "approve" -> FleetCommand.Ruling.APPROVE;
            case "refuse" -> FleetCommand.Ruling.REFUSE;
            case "withdraw" -> FleetCommand.Ruling.WITHDRAW;
            default -> throw new IllegalArgumentException("'" + word + "' is not one of approve, refuse, withdraw");
        };
    }

    private ActionForm ofVersion(Act act, String title, String version, String explanation, String submit) {
        return plain(act, title + ProductVersion.of(version), explanation, submit, back("version " + version))
                .withHidden("version", version);
    }

    private ActionForm plain(Act act, String title, String explanation, String submit, String back) {
        return new ActionForm(shell, title, explanation, act.path(), List.of(), Optional.empty(), false, "", false, "",
                Optional.empty(), submit, false, back, Optional.empty(), "");
    }

    /// Where cancelling and success lead to: the page of what was acted on.
    static String back(String scope) {
        return switch (Scope.of(scope)) {
            case Scope.FleetWide() -> "/";
            case Scope.OfRing(var ring) -> "/#ring-" + ring;
            case Scope.OfCell(var cell) -> "/cells/" + cell;
            case Scope.OfVersion(var version) -> "/versions/" + version;
        };
    }

    /// What a sent form asks for. [IllegalArgumentException] where a part of it is not what it must be.
    static FleetCommand command(Act act, Parameters sent, Instant now) {
        String why = sent.first("why").orElse("").strip();
        return switch (act) {
            case BRAKE -> new FleetCommand.SetBrake(
                    Scope.of(needed(sent, "scope")), why, length(sent.first("for").orElse("")).map(now::plus),
                    sent.first("cancel").equals(Optional.of("true")));
            case RELEASE_BRAKE -> new FleetCommand.ReleaseBrake(Scope.of(needed(sent, "scope")), why);
            case ROLLBACK -> new FleetCommand.RollBack(
                    Scope.of(rollbackScope(sent)), why, sent.first("with_downtime").equals(Optional.of("true")));
            case APPROVE -> new FleetCommand.Approve(version(sent), RingNumber.of(needed(sent, "ring")),
                    ruling(needed(sent, "ruling")), Optional.of(why));
            case GRADUATE -> new FleetCommand.Graduate(version(sent));
            case PDM -> new FleetCommand.RunPdm(version(sent), sent.first("cell").map(CellId::of));
            case VETO -> new FleetCommand.Veto(version(sent), why);
            case RELEASE -> new FleetCommand.Unblock(version(sent), why);
            case RETRY -> new FleetCommand.Deploy(
                    version(sent), List.of(), Optional.empty(), Optional.of(CellId.of(needed(sent, "cell"))));
        };
    }

    private static ProductVersion version(Parameters sent) {
        return ProductVersion.of(needed(sent, "version"));
    }

    private static String rollbackScope(Parameters sent) {
        for (String kind : List.of("cell", "ring", "version")) {
            Optional<String> named = sent.first(kind);
            if (named.isPresent()) {
                return kind + " " + named.get();
            }
        }
        return needed(sent, "scope");
    }

    private static String needed(Parameters sent, String name) {
        return sent.first(name).filter(value -> !value.isBlank())
                .orElseThrow(() -> new IllegalArgumentException("'" + name + "' is missing"));
    }

    /// Reads `15 minutes`, `1 hour`, `1 day`, `1 week`; empty for no end.
    private static Optional<Duration> length(String text) {
        return switch (text) {
            case "" -> Optional.empty();
            case "15 minutes" -> Optional.of(Duration.ofMinutes(15));
            case "1 hour" -> Optional.of(Duration.ofHours(1));
            case "4 hours" -> Optional.of(Duration.ofHours(4));
            case "1 day" -> Optional.of(Duration.ofDays(1));
            case "1 week" -> Optional.of(Duration.ofDays(7));
            default -> throw new IllegalArgumentException("'" + text + "' is not one of the offered times");
        };
    }
}
