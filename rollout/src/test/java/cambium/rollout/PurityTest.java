package cambium.rollout;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/// Decisions rest on what is handed in, and on nothing else.
class PurityTest {
    private static final JavaClasses ROLLOUT = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("cambium.rollout");

    @Test
    void knowsNoOtherPartOfTheProductNorTheWorldOutside() {
        noClasses().should().dependOnClassesThat().resideInAnyPackage("cambium.server..", "cambium.formats..",
                "cambium.cli..",
                "java.sql..", "java.net..", "java.nio.file..", "java.io..", "java.util.concurrent..",
                "java.util.logging..",
                "org.slf4j..").check(ROLLOUT);
    }

    @Test
    void asksNoClockNoChanceAndNoSystem() {
        noClasses().should().callMethod(Instant.class, "now").orShould().callMethod(Instant.class, "now", Clock.class)
                .orShould().dependOnClassesThat().areAssignableTo(InstantSource.class)
                .orShould().dependOnClassesThat().areAssignableTo(Random.class)
                .orShould().dependOnClassesThat().areAssignableTo(ThreadLocalRandom.class)
                .orShould().dependOnClassesThat().areAssignableTo(UUID.class)
                .orShould().dependOnClassesThat().areAssignableTo(Thread.class)
                .orShould().dependOnClassesThat().areAssignableTo(System.class)
                .orShould().callMethod(Math.class, "random").check(ROLLOUT);
    }
}
