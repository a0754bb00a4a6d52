package cambium.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.DeclaredMigration.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MigrationLedgerTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final CellId MAIN = CellId.of("main");

    @Test
    void pdmThatOlderVersionsWorkWithTakesNoWayBack() {
        var lab = migrated(new DeclaredMigration("drop_index", Kind.POST_DEPLOYMENT, false, version("1.0.0")));
        var yes = assertInstanceOf(CanGoBack.Yes.class, canGoBack(lab));
        assertEquals(ProductVersion.of("1.0.0"), yes.target());
        assertTrue(yes.text().contains("works with every migration"), yes.text());
        assertInstanceOf(FleetCommand.Answer.Accepted.class, rollBack(lab, false));
        lab.live(HOUR);
        assertEquals("1.0.0", lab.runs("main"));
    }

    @Test
    void aReversibleMigrationCostsDowntimeAndIsNamed() {
        var lab = migrated(new DeclaredMigration("drop_users", Kind.POST_DEPLOYMENT, true, Optional.empty()));
        var costs = assertInstanceOf(CanGoBack.WithDowntime.class, canGoBack(lab));
        assertTrue(costs.text().contains("drop_users of 1.1.0"), costs.text());
        assertEquals("migration_crossed", code(rollBack(lab, false)));
        assertFalse(lab.started("r2.main.rollback"));
        assertInstanceOf(FleetCommand.Answer.Accepted.class, rollBack(lab, true));
        lab.live(HOUR);
        assertEquals("1.0.0", lab.runs("main"));
    }

    @Test
    void whatCannotBeUndoneIsRefusedAlsoWithDowntime() {
        var lab = migrated(new DeclaredMigration("merge_tables", Kind.POST_DEPLOYMENT, false, version("1.1.0")));
        var no = assertInstanceOf(CanGoBack.No.class, canGoBack(lab));
        assertTrue(no.text().contains("merge_tables of 1.1.0") && no.text().contains("restore its data"), no.text());
        assertEquals("migration_irreversible", code(rollBack(lab, true)));
        lab.command(new FleetCommand.RollBack(new Scope.OfVersion(ProductVersion.of("1.1.0")), "it burns", true));
        lab.live(HOUR);
        assertEquals("1.1.0", lab.runs("main"));
        assertFalse(lab.started("r2.main.rollback"));
    }

    @Test
    void aMigrationOfTheDeploymentCanCloseTheWayBackBeforeAnyPdm() {
        var lab = deployed(new DeclaredMigration("rename_column", Kind.DEPLOYMENT, true, version("1.1.0")));
        lab.live(Duration.ofMinutes(8));
        assertTrue(lab.cell("main").pdm().filter(run -> run.version().equals(ProductVersion.of("1.1.0"))).isEmpty());
        assertInstanceOf(CanGoBack.WithDowntime.class, canGoBack(lab));
        lab.verdicts.put("main.1.1.0", Verdict.HARMFUL);
        lab.live(HOUR);
        assertTrue(lab.version("1.1.0").blocked().isPresent());
        assertFalse(lab.started("r2.main.rollback"), "automation takes no downtime");
        assertTrue(lab.waitOf("cell main").orElseThrow().text().contains("rename_column"), lab.log.toString());
    }

    @Test
    void whatASkippedVersionBringsCountsToo() {
        var lab = deployed(new DeclaredMigration("split_table", Kind.DEPLOYMENT, false, version("1.1.0")));
        lab.brake("ring 0", "1.1.0 is never installed");
        lab.record(new FleetEvent.VersionBlocked(lab.now, "anna", ProductVersion.of("1.1.0"), "skip it", false));
        lab.command(new FleetCommand.ReleaseBrake(new Scope.OfRing(RingNumber.of(0)), "go on"));
        deploy(lab, "1.2.0", new MigrationLedger(List.of()));
        lab.live(HOUR);
        assertEquals("1.2.0", lab.runs("main"));
        assertFalse(lab.started("r2.main.deploy"));
        var no = assertInstanceOf(CanGoBack.No.class, canGoBack(lab));
        assertTrue(no.text().contains("split_table of 1.1.0"), no.text());
    }

    @Test
    void anOldestVersionThatIsNotKnownIsNotTrusted() {
        var lab = migrated(new DeclaredMigration("drop_index", Kind.POST_DEPLOYMENT, true, version("0.9.0")));
        assertInstanceOf(CanGoBack.WithDowntime.class, canGoBack(lab));
    }

    @Test
    void aVersionIsRegisteredWithOneLedgerForEver() {
        var lab = deployed(new DeclaredMigration("drop_index", Kind.POST_DEPLOYMENT, true, Optional.empty()));
        assertEquals("version_differs", code(deploy(lab, "1.1.0", new MigrationLedger(List.of()))));
        lab.deploy("1.1.0");
        assertEquals(1, lab.version("1.1.0").ledger().orElseThrow().migrations().size());
    }

    @Test
    void aLedgerNamesEachMigrationOnceAndIsBounded() {
        var one = new DeclaredMigration("one", Kind.DEPLOYMENT, true, Optional.empty());
        assertThrows(IllegalArgumentException.class, () -> new MigrationLedger(List.of(one, one)));
        assertThrows(IllegalArgumentException.class, () -> new DeclaredMigration("../x", Kind.DEPLOYMENT, true,
                Optional.empty()));
        assertThrows(IllegalArgumentException.class, () -> new MigrationLedger(IntStream.rangeClosed(0, 1_000)
                .mapToObj(i -> new DeclaredMigration("m" + i, Kind.DEPLOYMENT, true, Optional.empty())).toList()));
    }

    /// PDM of 1.1.0 has run on the main cell.
    private static FleetLab migrated(DeclaredMigration migration) {
        var lab = deployed(migration);
        lab.live(HOUR);
        assertEquals(Cell.PdmRun.Outcome.SUCCEEDED, lab.cell("main").pdm().orElseThrow().outcome());
        assertEquals(ProductVersion.of("1.1.0"), lab.cell("main").pdm().orElseThrow().version());
        return lab;
    }

    private static FleetLab deployed(DeclaredMigration migration) {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        deploy(lab, "1.1.0", new MigrationLedger(List.of(migration)));
        return lab;
    }

    private static FleetCommand.Answer deploy(FleetLab lab, String version, MigrationLedger ledger) {
        return lab.command(new FleetCommand.Deploy(ProductVersion.of(version), List.of(FleetLab.shop(version)),
                Optional.empty(), Optional.empty(), false, Optional.of(ledger), Optional.empty()));
    }

    private static FleetCommand.Answer rollBack(FleetLab lab, boolean withDowntime) {
        return lab.command(new FleetCommand.RollBack(new Scope.OfCell(MAIN), "it burns", withDowntime));
    }

    private static CanGoBack canGoBack(FleetLab lab) {
        return CanGoBack.of(lab.fleet, lab.cell("main"), Optional.empty());
    }

    private static Optional<ProductVersion> version(String name) {
        return Optional.of(ProductVersion.of(name));
    }

    private static String code(FleetCommand.Answer answer) {
        return assertInstanceOf(FleetCommand.Answer.Refused.class, answer).code();
    }
}
