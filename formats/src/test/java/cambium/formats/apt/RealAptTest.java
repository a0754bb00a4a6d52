package cambium.formats.apt;

import static cambium.formats.testing.Parsing.parsed;
import static org.junit.jupiter.api.Assertions.assertEquals;

import cambium.formats.deb.DebReader;
import cambium.formats.index.Change;
import cambium.formats.index.Chunk;
import cambium.formats.index.EncodedChunk;
import cambium.formats.index.IndexForm;
import cambium.formats.index.PlacedChunk;
import cambium.formats.index.Segment;
import cambium.formats.index.SplicedIndex;
import cambium.formats.index.VirtualIndex;
import cambium.formats.testing.Packing;
import cambium.formats.testing.Shell;
import cambium.formats.testing.TestDeb;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The apt of this machine reads a spliced index, in a root of its own, without signatures and without a network.
/// Packages are counted: several clients succeed and show none when a form is put together in the wrong way.
class RealAptTest {
    private static final Digests DIGESTS = new Digests("1".repeat(32), "2".repeat(40), "3".repeat(64), "4".repeat(128));
    private static final int PACKAGES = 150;

    private final Map<Chunk, EncodedChunk> store = new HashMap<>();
    private List<PlacedChunk> chunks = List.of();

    @ParameterizedTest
    @EnumSource(IndexForm.class)
    void seesEveryPackageOfASplicedIndex(IndexForm form, @TempDir Path folder) throws IOException {
        var stanzas = new ArrayList<byte[]>();
        for (int i = 0; i < PACKAGES; i++) {
            stanzas.add(stanza("package-" + i));
            apply(SplicedIndex.appended(chunks, stanzas.getLast(), store::get));
        }
        apply(SplicedIndex.without(chunks, List.of(stanzas.get(3), stanzas.get(PACKAGES - 1)), store::get));
        write(folder, form);

        assertEquals(List.of(Integer.toString(PACKAGES - 2)), Shell.run(folder, """
                mkdir -p private/state/lists/partial private/cache/archives/partial
                mkdir -p private/etc/apt.conf.d private/etc/preferences.d private/etc/trusted.gpg.d
                : > private/status
                echo "deb [trusted=yes arch=amd64] copy:$PWD/repo bookworm main" > private/sources.list
                cat > apt.conf <<END
                Dir "$PWD/private";
                Dir::State "$PWD/private/state";
                Dir::State::status "$PWD/private/status";
                Dir::Cache "$PWD/private/cache";
                Dir::Etc "$PWD/private/etc";
                Dir::Etc::sourcelist "$PWD/private/sources.list";
                Dir::Etc::sourceparts "-";
                APT::Architecture "amd64";
                APT::Architectures { "amd64"; };
                APT::Sandbox::User "";
                Acquire::Languages "none";
                END
                export APT_CONFIG="$PWD/apt.conf"
                apt-get update > update.log 2>&1 || { cat update.log; exit 1; }
                apt-cache dumpavail | grep -c ^Package:
                """));
    }

    private void apply(Change change) {
        change.encoded().forEach(made -> store.put(made.chunk(), made));
        chunks = change.applyTo(chunks);
    }

    /// Release lists the raw index, which need not exist, and the one form that does.
    private void write(Path folder, IndexForm form) throws IOException {
        Path dists = folder.resolve("repo/dists/bookworm");
        Files.createDirectories(dists.resolve("main/binary-amd64"));
        var entries = new ArrayList<ReleaseEntry>();
        entries.add(entry(SplicedIndex.describe(chunks, IndexForm.RAW)));
        VirtualIndex served = SplicedIndex.describe(chunks, form);
        if (form != IndexForm.RAW) {
            entries.add(entry(served));
        }
        try (var out = Files.newOutputStream(dists.resolve(entry(served).path()))) {
            for (Segment segment : served.segments()) {
                out.write(switch (segment) {
                    case Segment.Literal(byte[] bytes) -> bytes;
                    case Segment.Slice(var chunk, var wanted) -> store.get(chunk).form(wanted);
                });
            }
        }
        var fields = new ReleaseFields("example.org/acme/shop", "shop", "bookworm", "bookworm",
                Instant.parse("2026-11-02T03:04:05Z"), List.of("amd64"), List.of("main"));
        Files.write(dists.resolve("Release"), ReleaseFile.write(fields, entries));
    }

    private static ReleaseEntry entry(VirtualIndex index) {
        return new ReleaseEntry("main/binary-amd64/Packages" + index.form().suffix(), index.length(), index.sha256());
    }

    private static byte[] stanza(String name) throws IOException {
        byte[] file = TestDeb.of(name, "1.0", "amd64").packed(Packing.NONE, Packing.NONE).build();
        var deb = parsed(DebReader.read(new ByteArrayInputStream(file)));
        return PackagesStanza.write(deb, PoolPath.of("bookworm", "main", deb), file.length, DIGESTS);
    }
}
