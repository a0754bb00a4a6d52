package cambium.server.fleet;

import cambium.rollout.Fleet;
import cambium.rollout.FleetCommand;
import cambium.rollout.Reach;
import cambium.server.access.Permission;
import java.util.EnumSet;
import java.util.Set;

/// What a command asks of whoever gives it: the right to do such a thing, and the right to do it on its side of the
/// perimeter (C-27). Asked on the fleet that the command is decided on, so a perimeter that moves in between counts.
final class CommandRights {
    private CommandRights() {}

    static Set<Permission> needed(Fleet fleet, FleetCommand command) {
        var needed = EnumSet.of(act(command));
        Reach.of(fleet, command).map(CommandRights::side).ifPresent(needed::add);
        return needed;
    }

    private static Permission act(FleetCommand command) {
        return switch (command) {
            case FleetCommand.Apply _, FleetCommand.SetDuty _, FleetCommand.AcceptLog _ -> Permission.MANAGE_FLEET;
            case FleetCommand.Deploy _, FleetCommand.RunPdm _, FleetCommand.Graduate _, FleetCommand.Unblock _,
                    FleetCommand.Approve _, FleetCommand.Veto _, FleetCommand.SetPin _,
                    FleetCommand.ReleasePin _ -> Permission.DEPLOY;
            case FleetCommand.SetBrake _, FleetCommand.ReleaseBrake _ -> Permission.BRAKE;
            case FleetCommand.RollBack _ -> Permission.ROLLBACK;
        };
    }

    private static Permission side(Reach reach) {
        return switch (reach) {
            case INSIDE -> Permission.INSIDE_PERIMETER;
            case OUTSIDE -> Permission.OUTSIDE_PERIMETER;
        };
    }

    /// The command without what it names, for logs.
    static String named(FleetCommand command) {
        return "the command " + command.getClass().getSimpleName();
    }

    /// What it names.
    static String target(FleetCommand command) {
        return switch (command) {
            case FleetCommand.Apply _ -> "fleet";
            case FleetCommand.SetDuty duty -> "cell " + duty.cell();
            case FleetCommand.Deploy deploy -> deploy.version() + deploy.ring().map(ring -> " on ring " + ring)
                    .or(() -> deploy.cell().map(cell -> " on cell " + cell)).orElse("");
            case FleetCommand.RunPdm pdm -> pdm.version() + pdm.cell().map(cell -> " on cell " + cell).orElse("");
            case FleetCommand.Graduate graduate -> graduate.version().toString();
            case FleetCommand.Unblock unblock -> unblock.version().toString();
            case FleetCommand.Approve approve -> approve.version() + " for ring " + approve.ring();
            case FleetCommand.Veto veto -> veto.version().toString();
            case FleetCommand.SetPin pin -> pin.scope().toString();
            case FleetCommand.ReleasePin pin -> pin.scope().toString();
            case FleetCommand.SetBrake brake -> brake.scope().toString();
            case FleetCommand.ReleaseBrake brake -> brake.scope().toString();
            case FleetCommand.AcceptLog known -> "event " + known.number() + " of the log";
            case FleetCommand.RollBack back -> back.scope().toString();
        };
    }
}
