package cambium.server.access;

/// What a route asks of an [Actor]. `NONE` asks nothing: anyone may call. The names stand in the database.
public enum Permission {
    NONE, READ_REPOSITORY, PUSH, MANAGE_REPOSITORY, READ_FLEET, DEPLOY, BRAKE, ROLLBACK, MANAGE_FLEET, MANAGE_ACCOUNTS,
    /// Speak for a cell; whoever shows a cell's token may do so for that cell alone.
    REPORT_CELL
}
