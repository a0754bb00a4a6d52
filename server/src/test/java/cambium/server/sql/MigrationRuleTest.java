package cambium.server.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// A program of the former release works beside one of the next, on the same database: migrations only add.
class MigrationRuleTest {
    private static final Path FOLDER = Path.of("src/main/resources/db/migration");
    private static final int FIRST_HELD = 89;
    /// What breaks a program that does not know of it.
    private static final Pattern TAKES_AWAY = Pattern.compile(
            "\\bdrop (table|column|view|function|type|schema|default)\\b"
            + "|\\brename\\b|\\balter column [a-z_]+ (set data )?type\\b|\\bset not null\\b|\\btruncate\\b"
            + "|\\badd (constraint|check|unique|primary|foreign)\\b|\\balter table [a-z_]+ add check\\b"
            + "|\\badd column (if not exists )?[a-z_]+ (?![^,;]*\\bdefault\\b)[^,;]*\\bnot null\\b");

    private static List<String> broken(String script, String sql) {
        var number = Migrations.number(script);
        var needs = Migrations.NEEDS.matcher(script);
        if (number < FIRST_HELD || needs.find() && Integer.parseInt(needs.group(1)) < number) {
            return List.of();
        }
        var plain = sql.replaceAll("--[^\n]*", " ").replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
        return TAKES_AWAY.matcher(plain).results().map(found -> script + ": " + found.group()).toList();
    }

    @Test
    void noMigrationTakesAwayWhatTheFormerReleaseUses() throws IOException {
        var broken = new ArrayList<String>();
        try (var scripts = Files.list(FOLDER)) {
            for (var script : scripts.sorted().toList()) {
                broken.addAll(broken(script.getFileName().toString(), Files.readString(script)));
            }
        }
        assertEquals(List.of(), broken, "add beside it now, take away later in a script named ..._needs_N.sql");
    }

    @Test
    void whatTakesAwayIsSeen() {
        for (var sql : List.of("drop table access_token", "alter table t\n  drop column c", "alter table t rename to u",
                "alter table t alter column c type bigint", "alter table t alter c set not null", "truncate t",
                "alter table t add column c text not null", "alter table t add constraint k unique (c)",
                "ALTER TABLE t ADD COLUMN c int NOT NULL, add column d text default ''")) {
            assertTrue(!broken("V89__x.sql", sql).isEmpty(), sql);
            assertEquals(List.of(), broken("V88__x.sql", sql), "what was there before is done");
            assertEquals(List.of(), broken("V95__x_needs_90.sql", sql), "said aloud");
            assertTrue(!broken("V95__x_needs_95.sql", sql).isEmpty(), "no former release would be left");
        }
        for (var sql : List.of("create table t (c text not null)", "alter table t add column c text",
                "alter table t add column c text not null default ''", "create index on t (c)",
                "-- drop table t\ninsert into t values (1)")) {
            assertEquals(List.of(), broken("V89__x.sql", sql), sql);
        }
    }
}
