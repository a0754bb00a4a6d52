package cambium.formats;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Holds this module to its promise: bytes in, values and bytes out, nothing from around it.
class PurityTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("cambium.formats");

    @Test
    void knowsNoDatabaseNetworkFileThreadOrProcess() {
        noClasses().should().dependOnClassesThat().resideInAnyPackage("java.sql..", "javax.sql..", "java.net..",
                "java.nio.file..", "java.nio.channels..", "java.util.concurrent..", "java.util.logging..")
                .orShould().dependOnClassesThat().haveFullyQualifiedName("java.lang.Thread")
                .orShould().dependOnClassesThat().haveFullyQualifiedName("java.lang.Process")
                .orShould().dependOnClassesThat().haveFullyQualifiedName("java.lang.ProcessBuilder")
                .orShould().dependOnClassesThat().haveFullyQualifiedName("java.lang.Runtime")
                .orShould().dependOnClassesThat().haveNameMatching("java\\.io\\.(File.*|RandomAccessFile)")
                .check(CLASSES);
    }

    @Test
    void asksNeitherClockNorEnvironmentNorChance() {
        noClasses().should().callMethod(System.class, "getenv")
                .orShould().callMethod(System.class, "getenv", String.class)
                .orShould().callMethod(System.class, "getProperty", String.class)
                .orShould().callMethod(System.class, "currentTimeMillis")
                .orShould().callMethod(System.class, "nanoTime")
                .orShould().callMethod(Instant.class, "now").orShould().dependOnClassesThat().belongToAnyOf(Clock.class)
                .orShould().callConstructor(Random.class).orShould().callMethod(Math.class, "random")
                .check(CLASSES);
    }

    @Test
    void foldersDependInOneDirection() {
        mayNotUse("deb", "apt", "dsc", "index", "rpm");
        mayNotUse("dsc", "apt", "index", "rpm");
        mayNotUse("index", "apt", "deb", "dsc", "rpm");
        mayNotUse("rpm", "apt", "deb", "dsc", "index");
        mayNotUse("jar", "apt", "deb", "dsc", "index", "rpm", "packed");
        noClasses().that().resideInAPackage("cambium.formats.packed").should().dependOnClassesThat()
                .resideInAnyPackage("cambium.formats.deb", "cambium.formats.dsc", "cambium.formats.apt",
                        "cambium.formats.rpm", "cambium.formats.index").check(CLASSES);
        noClasses().should().dependOnClassesThat().resideInAnyPackage("cambium.server..", "cambium.rollout..")
                .check(CLASSES);
    }

    private static void mayNotUse(String folder, String... others) {
        var packages = Arrays.stream(others).map(other -> "cambium.formats." + other).toArray(String[]::new);
        noClasses().that().resideInAPackage("cambium.formats." + folder).should().dependOnClassesThat()
                .resideInAnyPackage(packages).check(CLASSES);
    }
}
