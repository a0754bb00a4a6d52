package cambium.formats.rpm;

import static cambium.formats.testing.Parsing.parsed;

import cambium.formats.testing.Golden;
import cambium.formats.testing.RpmPacking;
import cambium.formats.testing.TestRpm;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Whole index files, to be read by people when they change. The packages inside are not compressed, so that the files
/// do not depend on the zlib of a machine.
class GoldenRpmTest {
    private static final String SHA256 = "0123456789abcdef".repeat(4);

    @Test
    void repodataIsTheBytesWeKnow() throws IOException {
        List<RpmPackage> packages = List.of(read(plain()), read(awkward()), read(source()));
        for (RpmIndex index : RpmIndex.values()) {
            var xml = new ByteArrayOutputStream();
            xml.writeBytes(index.head(packages.size()));
            for (RpmPackage rpm : packages) {
                xml.writeBytes(switch (index) {
                    case PRIMARY -> RpmEntries.primary(rpm, rpm.fileName(), SHA256, 1_767_300_000);
                    case FILELISTS -> RpmEntries.filelists(rpm, SHA256);
                    case OTHER -> RpmEntries.other(rpm, SHA256);
                });
            }
            xml.writeBytes(index.tail());
            Golden.check("rpm/" + index.type() + ".xml", xml.toByteArray());
        }
    }

    @Test
    void repomdIsTheBytesWeKnow() {
        Golden.check("rpm/repomd.xml", Repomd.write(1_767_300_001, List.of(
                file(RpmIndex.PRIMARY, Optional.of(new RepomdFile.Open("f".repeat(64), 4_321))),
                file(RpmIndex.FILELISTS, Optional.empty()), file(RpmIndex.OTHER, Optional.empty()))));
    }

    private static RepomdFile file(RpmIndex index, Optional<RepomdFile.Open> open) {
        return new RepomdFile(index, "repodata/" + SHA256 + "-" + index.type() + ".xml.gz", SHA256, 1_234, open,
                1_767_300_000);
    }

    private static TestRpm plain() {
        return TestRpm.of("hello", "2.10", "3.el9", "x86_64").requires("libc.so.6()(64bit)").requires("bash >= 5-1")
                .requires("rpmlib(PayloadFilesHavePrefix) <= 4.0-1").provides("greeter = 1:2")
                .program("/usr/bin/hello", "hello\n").folder("/usr/share/hello").ghost("/var/log/hello.log")
                .change(1_767_000_000, "Ann <ann@example.org> - 2.10-3", "- newer")
                .change(1_767_000_000, "Bob <bob@example.org> - 2.10-2", "- older, of the same day");
    }

    private static TestRpm awkward() {
        return TestRpm.of("awkward", "1.0~rc1", "1^git7", "noarch").epoch(2)
                .summary("]]> <b>bold</b> & \"quoted\" \u0001\u001b\ufffe")
                .description("W\u00f6rter, \u96ea \ud83d\udce6 \u202e.\n\n\n\nLine\r\n\n<package type=\"rpm\">\n")
                .requires("odd\"<name>&' >= 1").file("/etc/a & <b>\t\"c\"\n\nd", "x")
                .change(1, "a\n\nb\t\"c\" ", "\n\n");
    }

    private static TestRpm source() {
        return TestRpm.of("hello", "2.10", "3.el9", "src").requires("make").file("hello.spec", "Name: hello\n");
    }

    private static RpmPackage read(TestRpm recipe) throws IOException {
        return parsed(RpmReader.read(new ByteArrayInputStream(recipe.packed(RpmPacking.NONE).build())));
    }
}
