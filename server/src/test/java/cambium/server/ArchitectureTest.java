package cambium.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;

import cambium.server.http.Route;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The directions of docs/ARCHITECTURE.md, read from the class files.
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            // The builders of test packages come as a jar when the modules are packaged.
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("cambium.server", "cambium.formats", "cambium.rollout");

    @Test
    void theTwoHalvesMeetOnlyInTheJoint() {
        noClasses().that().resideInAPackage("cambium.server.repository..")
                .should().dependOnClassesThat().resideInAnyPackage(
                        "cambium.server.fleet..", "cambium.server.pages..", "cambium.server.joint..",
                        "cambium.rollout..")
                .check(CLASSES);
        noClasses().that().resideInAPackage("cambium.server.fleet..")
                .should().dependOnClassesThat().resideInAnyPackage(
                        "cambium.server.repository..", "cambium.server.pages..", "cambium.server.joint..",
                        "cambium.server.blob..", "cambium.server.signing..", "cambium.formats..")
                .check(CLASSES);
        noClasses().that().resideInAPackage("cambium.server.pages..")
                .should().dependOnClassesThat().resideInAnyPackage(
                        "cambium.server.repository..", "cambium.server.fleet..", "cambium.server.joint..",
                        "cambium.server.sql..", "cambium.server.blob..", "cambium.server.signing..")
                .check(CLASSES);
    }

    /// So that a new family is one folder, and the publisher needs not know which there are.
    @Test
    void familiesOfPackagesKnowTheirPortsAlone() {
        List<String> families = List.of("apt", "rpm", "anyfile");
        for (String family : families) {
            String folder = "cambium.server.repository." + family;
            noClasses().that().resideInAPackage(folder)
                    .should().dependOnClassesThat().resideInAnyPackage("cambium.server.repository",
                            "cambium.server.sql..", "cambium.server.http..", "org.jooq..")
                    .orShould().dependOnClassesThat().resideInAnyPackage(families.stream()
                            .filter(other -> !other.equals(family))
                            .map(other -> "cambium.server.repository." + other).toArray(String[]::new))
                    .check(CLASSES);
            noClasses().that().resideInAPackage("cambium.server.repository.format")
                    .should().dependOnClassesThat().resideInAPackage(folder).check(CLASSES);
        }
    }

    @Test
    void groundFoldersKnowNoFeature() {
        noClasses().that().resideInAnyPackage("cambium.server.config..", "cambium.server.http..",
                        "cambium.server.access..", "cambium.server.sql..", "cambium.server.health..",
                        "cambium.server.blob..", "cambium.server.signing..", "cambium.server.webhook..")
                .should().dependOnClassesThat().resideInAnyPackage("cambium.server.repository..",
                        "cambium.server.fleet..", "cambium.server.pages..", "cambium.server.joint..")
                .check(CLASSES);
        noClasses().that().resideInAPackage("cambium.server..").and().resideOutsideOfPackage("cambium.server")
                .should().dependOnClassesThat().resideInAPackage("cambium.server")
                .check(CLASSES);
    }

    @Test
    void thePureModulesTouchNothingOutside() {
        noClasses().that().resideInAnyPackage("cambium.formats..", "cambium.rollout..")
                .should().dependOnClassesThat().resideInAnyPackage("java.sql..", "java.net..", "java.nio.file..",
                        "cambium.server..")
                .orShould().dependOnClassesThat().belongToAnyOf(Thread.class, ProcessBuilder.class)
                .orShould().callMethod(Instant.class, "now")
                .orShould().callMethod(System.class, "getenv")
                .orShould().callMethod(System.class, "currentTimeMillis")
                .orShould().callMethod(System.class, "nanoTime")
                .check(CLASSES);
        noClasses().that().resideInAPackage("cambium.formats..")
                .should().dependOnClassesThat().resideInAPackage("cambium.rollout..").check(CLASSES);
        noClasses().that().resideInAPackage("cambium.rollout..")
                .should().dependOnClassesThat().resideInAPackage("cambium.formats..").check(CLASSES);
    }

    @Test
    void onlyTheWiringKnowsTheRealClock() {
        noClasses().that().resideOutsideOfPackage("cambium.server")
                .should().callMethod(Instant.class, "now")
                .orShould().callMethod(System.class, "currentTimeMillis")
                .orShould().callMethod(InstantSource.class, "system")
                .orShould().callMethod(Clock.class, "systemUTC")
                .check(CLASSES);
    }

    @Test
    void nothingReadsSerializedObjectsOrRunsScripts() {
        noClasses().should().dependOnClassesThat().belongToAnyOf(ObjectInputStream.class)
                .orShould().dependOnClassesThat().resideInAPackage("javax.script..")
                .check(CLASSES);
    }

    /// The child database, the steps of cells and git are all the programs there are. The one text that a shell is
    /// given stands in the code, and its arguments stay arguments.
    @Test
    void programsAreStartedInThreeFoldersAndNeverFromAShellsText() throws IOException {
        noClasses().that().resideOutsideOfPackages("cambium.server.sql", "cambium.server.fleet.process",
                        "cambium.server.fleet.source")
                .should().dependOnClassesThat().belongToAnyOf(ProcessBuilder.class).check(CLASSES);
        noClasses().should().callMethodWhere(DescribedPredicate.describe("start a program by Runtime.exec",
                call -> call.getTargetOwner().isEquivalentTo(Runtime.class) && call.getName().equals("exec")))
                .check(CLASSES);
        var shellText = Pattern.compile("sh\"\\s*,\\s*\"-[a-z]*c[a-z]*\"\\s*,\\s*(.*)");
        var texts = new ArrayList<String>();
        try (var files = Files.walk(Path.of("src/main/java"))) {
            for (var source : files.filter(file -> file.toString().endsWith(".java")).toList()) {
                shellText.matcher(Files.readString(source)).results().map(found -> found.group(1)).forEach(texts::add);
            }
        }
        assertEquals(List.of("\"kill -s \\\"$1\\\" \\\"$2\\\"\", \"sh\", signal, Long.toString(pid)));"), texts);
    }

    /// A name is known here or nowhere: what serves packages has no means to ask another host for one.
    @Test
    void whatIsServedIsNeverLookedUpOnAnotherHost() {
        noClasses().that().resideInAnyPackage("cambium.server.repository..", "cambium.server.pages..",
                        "cambium.server.joint..", "cambium.server.blob")
                .and().resideOutsideOfPackage("cambium.server.repository.webhook")
                .and().doNotHaveSimpleName("RepositoryFeature" /* makes the webhooks' sender */)
                .should().dependOnClassesThat().resideInAPackage("java.net.http..")
                .orShould().dependOnClassesThat().haveNameMatching("java\\.n.*\\.(.*Socket.*|.*URLConnection)")
                .orShould().callMethod(URL.class, "openStream").orShould().callMethod(URL.class, "openConnection")
                .orShould().dependOnClassesThat().haveSimpleName("CheckedClient")
                .orShould().dependOnClassesThat().haveSimpleName("OutgoingPosts").check(CLASSES);
    }

    @Test
    void jettyAndThePoolStayBehindTheirDoors() {
        noClasses().that().resideOutsideOfPackage("cambium.server.http..")
                .should().dependOnClassesThat().resideInAPackage("org.eclipse.jetty..").check(CLASSES);
        noClasses().that().resideOutsideOfPackage("cambium.server.sql..")
                .should().dependOnClassesThat().resideInAnyPackage("com.zaxxer..", "org.flywaydb..").check(CLASSES);
    }

    /// A route cannot be made without a permission (its record demands one); who asks for none says so in a folder
    /// that is meant for the public, so that an open route elsewhere is seen in review.
    @Test
    void onlyFoldersForThePublicHaveRoutesThatAskForNoPermission() {
        classes().that(makeOpenRoutes())
                .should().resideInAnyPackage("cambium.server.access", "cambium.server.health",
                        "cambium.server.repository..", "cambium.server.pages",
                        "cambium.server.delivery",
                        "cambium.server.fleet.webhook" /* a signature under the driver's secret instead */)
                .check(CLASSES);
    }

    private static DescribedPredicate<JavaClass> makeOpenRoutes() {
        return DescribedPredicate.describe("make routes that ask for no permission", type ->
                type.getConstructorCallsFromSelf().stream().map(JavaAccess::getTargetOwner)
                        .anyMatch(owner -> owner.isEquivalentTo(Route.class))
                        && type.getFieldAccessesFromSelf().stream()
                                .anyMatch(access -> access.getTarget().getName().equals("NONE")
                                        && access.getTargetOwner().getSimpleName().equals("Permission")));
    }
}
