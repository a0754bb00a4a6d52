package cambium.server.access;

import java.util.Locale;

/// What a route asks of an [Actor]. `NONE` asks nothing: anyone may call. The names stand in the database.
public enum Permission {
    NONE, READ_REPOSITORY, PUSH, MANAGE_REPOSITORY, READ_FLEET, DEPLOY, BRAKE, ROLLBACK, MANAGE_FLEET, MANAGE_ACCOUNTS,
    /// Speak for a cell; whoever shows a cell's token may do so for that cell alone.
    REPORT_CELL,
    /// Deploy, run PDM and roll back, where one may, in rings up to the perimeter: asked beside those.
    INSIDE_PERIMETER,
    /// The same beyond the perimeter, and in quarantine.
    OUTSIDE_PERIMETER;

    /// As people and programs read it.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
