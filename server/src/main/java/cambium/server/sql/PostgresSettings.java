package cambium.server.sql;

import java.util.ArrayList;
import java.util.List;

/// Settings of the child: small, because its only clients are processes of Cambium on this machine.
final class PostgresSettings {
    private PostgresSettings() {}

    static List<String> of(ChildPostgres.Durability durability) {
        var settings = new ArrayList<>(List.of(
                "listen_addresses=127.0.0.1",
                "unix_socket_directories=",
                "max_connections=80",
                "shared_buffers=32MB",
                "io_method=sync",
                "wal_level=minimal",
                "max_wal_senders=0",
                "max_logical_replication_workers=0",
                "max_parallel_workers_per_gather=0",
                "min_wal_size=32MB",
                "max_wal_size=512MB",
                "jit=off",
                "timezone=UTC",
                "log_timezone=UTC",
                "log_min_messages=warning",
                "log_checkpoints=off"));
        if (durability == ChildPostgres.Durability.FORGETFUL) {
            settings.addAll(List.of("fsync=off", "synchronous_commit=off", "full_page_writes=off",
                    "max_connections=400"));
        }
        return settings;
    }
}
