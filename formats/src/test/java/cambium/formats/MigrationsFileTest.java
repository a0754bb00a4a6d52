package cambium.formats;

import static cambium.formats.testing.Parsing.parsed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.formats.deb.DebDescription;
import cambium.formats.deb.DebReader;
import cambium.formats.rpm.RpmDescription;
import cambium.formats.rpm.RpmReader;
import cambium.formats.testing.Packing;
import cambium.formats.testing.RpmPacking;
import cambium.formats.testing.TestDeb;
import cambium.formats.testing.TestRpm;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MigrationsFileTest {
    private static final String PATH = "usr/share/cambium/migrations/shop.json";
    private static final String TEXT = "{\"migrations\": [{\"id\": \"drop_ü\", \"kind\": \"deployment\"}]}\n";

    @ParameterizedTest
    @EnumSource(names = {"NONE", "GZ", "XZ", "ZST"})
    void isCarriedAlongFromADebInEveryCompression(Packing packing) throws IOException {
        assertEquals(Optional.of(TEXT.strip()), declared(TestDeb.of("shop", "1", "all").file(PATH, TEXT)
                .file("usr/bin/shop", "x").packed(Packing.GZ, packing).build()).map(String::strip));
    }

    @ParameterizedTest
    @EnumSource(names = {"GZ", "XZ", "ZSTD"})
    void isCarriedAlongFromAnRpmInEveryCompression(RpmPacking packing) throws IOException {
        assertEquals(Optional.of(TEXT), declaredByRpm(TestRpm.of("shop", "1", "1", "noarch").file("/" + PATH, TEXT)
                .file("/usr/bin/shop", "x").packed(packing).build()));
    }

    @Test
    void onlyThatOfThePackageItselfCounts() throws IOException {
        var other = "usr/share/cambium/migrations/other.json";
        assertEquals(Optional.empty(), declared(TestDeb.of("shop", "1", "all").file(other, TEXT).build()));
        assertEquals(Optional.empty(),
                declaredByRpm(TestRpm.of("shop", "1", "1", "noarch").file("/" + other, TEXT).build()));
    }

    @Test
    void oneThatIsTooLargeIsSaidToBeUnreadAndNotToBeAbsent() throws IOException {
        var large = " ".repeat(MigrationsFile.MAX_BYTES) + TEXT;
        assertTrue(declared(TestDeb.of("shop", "1", "all").file(PATH, large).build()).orElseThrow()
                .startsWith("not read: "));
        assertTrue(declaredByRpm(TestRpm.of("shop", "1", "1", "noarch").file("/" + PATH, large).build()).orElseThrow()
                .startsWith("not read: "));
    }

    @Test
    void oneBehindTheWalkedPartOfAnRpmIsSaidToBeUnread() throws IOException {
        var random = new byte[9 << 20];
        new Random(7).nextBytes(random);
        assertTrue(declaredByRpm(TestRpm.of("shop", "1", "1", "noarch").file("/bin/before", random)
                .file("/" + PATH, TEXT).build()).orElseThrow().startsWith("not read: "));
    }

    private static Optional<String> declared(byte[] deb) throws IOException {
        return fact(DebDescription.of(parsed(DebReader.readWhole(new ByteArrayInputStream(deb)))).facts());
    }

    private static Optional<String> declaredByRpm(byte[] rpm) throws IOException {
        return fact(RpmDescription.of(parsed(RpmReader.read(new ByteArrayInputStream(rpm)))).facts());
    }

    private static Optional<String> fact(List<PackageDescription.Fact> facts) {
        return facts.stream().filter(fact -> fact.name().equals(MigrationsFile.FACT))
                .map(PackageDescription.Fact::value).findFirst();
    }
}
