package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import cambium.formats.PackageDescription;
import cambium.formats.ParseResult;
import cambium.formats.deb.ControlParagraph;
import cambium.formats.deb.DebDescription;
import cambium.formats.deb.DebPackage;
import cambium.server.sql.Database;
import cambium.server.testing.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;

/// A folder of the first version, brought to the tables of all formats by the migration itself.
final class FormatsMigrationTest {
    private static final List<String> CONTROLS = List.of("""
        Package: hello
        Version: 2:1.0-rc-7
        Architecture: amd64
        Pre-Depends: dpkg (>= 1.17)
        Depends: libc6 (>= 2.36), bash,
         less
        Description: greets: politely
         at length
         .
         .
         * and again
        X-Tail: the end
        """, """
        Package: plain
        Version: 1.0
        Architecture: all
        Recommends:
         one
        """);

    private static void run(DSLContext sql, String script) {
        try (var in = Database.class.getResourceAsStream("/db/migration/" + script)) {
            sql.connection(connection -> {
                try (var statement = connection.createStatement()) {
                    statement.execute(new String(in.readAllBytes(), StandardCharsets.UTF_8));
                }
            });
        } catch (IOException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private static void store(DSLContext sql, int number, String control) {
        String sha256 = String.format("%064x", number);
        DebPackage deb = parsed(control);
        sql.execute("insert into blob (sha256, size_bytes, named_at) values (?, 7, now())", sha256);
        sql.execute("""
            insert into package (suite_id, filename, name, version, architecture, pool_path, control, stanza, sha256,
                size_bytes, md5, sha1, sha512, uploader, uploaded_at, state)
            values (1, ?, ?, ?, ?, ?, ?, ?, ?, 7, 'm', 's', 'x', 'anna', now(), 'indexed')""",
            deb.fileName(), deb.name(), deb.version().text(), deb.architecture(), "pool/" + number, control,
            ("Package: " + number + "\n\n").getBytes(StandardCharsets.UTF_8), sha256);
    }

    private static DebPackage parsed(String control) {
        var paragraph = (ParseResult.Parsed<ControlParagraph>)
            ControlParagraph.parse(control.getBytes(StandardCharsets.UTF_8));
        return ((ParseResult.Parsed<DebPackage>) DebPackage.of(paragraph.value())).value();
    }

    @Test
    void movesWhatTheFirstVersionStored() {
        try (var database = Database.open(TestDatabase.emptyAddress())) {
            database.transact(sql -> {
                run(sql, "V10__repository.sql");
                sql.execute("insert into repository (owner, name, private, created_at) "
                    + "values ('o', 'r', false, now())");
                sql.execute("insert into suite (repository_id, distribution, codename, distro_version_id) "
                    + "values (1, 'debian', 'bookworm', 215)");
                sql.execute("insert into channel (suite_id, generation) values (1, 3)");
                sql.execute("insert into index_view (channel_id, architecture, generation) values (1, 'amd64', 3)");
                sql.execute("insert into channel_generation (channel_id, generation, released_at, release, "
                    + "in_release, release_gpg) values (1, 3, now(), 'r'::bytea, 'i'::bytea, 'g'::bytea)");
                for (int i = 0; i < CONTROLS.size(); i++) {
                    store(sql, i, CONTROLS.get(i));
                }
                return 0;
            });
            database.transact(sql -> {
                run(sql, "V30__formats.sql");
                return 0;
            });
            List<StoredPackage> moved = database.read(sql ->
                sql.fetch(PackageRows.COLUMNS + "order by p.id").map(PackageRows::stored));
            for (int i = 0; i < CONTROLS.size(); i++) {
                PackageDescription expected = DebDescription.of(parsed(CONTROLS.get(i)));
                assertEquals(expected, moved.get(i).description());
                assertEquals("pool/" + i, moved.get(i).poolPath());
                assertEquals(7, moved.get(i).sizeBytes());
            }
            assertEquals(new KnownSuite(215, "debian", "bookworm", cambium.formats.PackageFamily.APT),
                moved.getFirst().suite());
            database.read(sql -> {
                assertEquals("2:1.0-rc-7", sql.fetchSingle("select full_version from package where id = 1").get(0));
                assertArrayEquals("Package: 1\n\n".getBytes(StandardCharsets.UTF_8), sql.fetchSingle(
                    "select entry from package_entry where kind = 'packages' and architecture = 'all'")
                    .get(0, byte[].class));
                assertArrayEquals(new byte[] {'i'}, sql.fetchSingle(
                    "select bytes from root_file where path = 'InRelease' and generation = 3").get(0, byte[].class));
                assertEquals("packages", sql.fetchSingle("select kind from index_view").get(0));
                return 0;
            });
        }
    }
}
