package cambium.server.access;

/// Where in the database something is kept that the master key has sealed for one purpose; `table` has a column `id`.
public record SealedColumn(String table, String column, String purpose) {}
