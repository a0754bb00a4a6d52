package cambium.server.pages;

import cambium.rollout.AttemptId;
import cambium.rollout.CellId;
import cambium.rollout.DeliveryFigures;
import cambium.rollout.DeliveryRecord;
import cambium.server.access.SignInPage;
import cambium.server.http.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Writes the pages of the example fleet as files under the given folder, to look at them without a server.
final class RenderPages {
    private final Path folder;
    private final Renderer renderer = new Renderer();
    private final FleetNow fleet = new FleetNow(ExampleFleet.tenCells());
    private final History history = new History(ExampleEvents.happened(), ExampleFleet.NOW);

    private RenderPages(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] arguments) throws IOException {
        var render = new RenderPages(Path.of(arguments[0]));
        render.fleets();
        render.details();
        render.forms();
        render.repositories();
    }

    private void fleets() throws IOException {
        write("index", "fleet", FleetPage.of(fleet, Optional.empty(), shell("Fleet", "fleet")));
        write("stopped", "fleet",
                FleetPage.of(new FleetNow(ExampleFleet.stoppedInRingZero()), Optional.empty(),
                        shell("Fleet", "fleet")));
        for (int rings : new int[] {2, 6, 12, 50}) {
            for (int cells : new int[] {3, 12, 60, 400}) {
                var large = new FleetNow(ExampleFleet.of(rings, cells));
                write("fleet-" + rings + "x" + cells, "fleet", FleetPage.of(large, Optional.empty(),
                        shell("Fleet", "fleet")));
            }
        }
    }

    private void details() throws IOException {
        write("cells", "cells", CellsPage.of(fleet, new CellsPage.Sought(Optional.empty(), "", CellsPage.Which.ALL, 0),
                shell("Cells", "fleet")));
        write("brakes", "brakes", BrakesPage.of(fleet, shell("Brakes", "brakes")));
        write("versions", "versions", VersionsPage.of(fleet, java.util.List.of(), figures(), strays(), history,
                shell("Versions", "versions")));
        for (String version : List.of("1.2.0", "1.3.0")) {
            write("version-" + version, "version",
                    VersionPage.of(fleet.version(version).orElseThrow(), fleet, java.util.List.of(),
                            history, shell(version, "versions")));
        }
        for (String cell : List.of("canary", "cell-4")) {
            write("cell-" + cell, "cell", CellPage.of(fleet.cell(cell).orElseThrow(),
                    ExampleEvents.fleet().cell(CellId.of(cell)).orElseThrow(), ExampleEvents.fleet(), fleet, history,
                    strays(),                     shell(cell, "fleet")));
        }
        var attempt = history.attempts(AttemptId.of("r3.canary.deploy.1")::equals, 1).getFirst();
        write("attempt", "attempt", AttemptPage.of(attempt, new FleetReads.AttemptLog(
                "fetching storefront_1.3.0_amd64.deb\nsha256 ok\nunpacking\nerror: no space left on device\n", false),
                history.verdicts(_ -> true, 1), fleet.at(), shell(attempt.attempt(), "fleet")));
    }

    private void forms() throws IOException {
        var form = new Forms(shell("Act", "fleet")).brake("ring 2", fleet);
        write("act", "act", form.refused("A brake needs a reason.", "why"));
        write("error", "error", ErrorPage.of(
                Problem.of(404, "unknown_cell", "no cell is called 'cell-99'"), "q7f2", shell("Nothing", "")));
        write("sign-in", "sign-in", new SignInView(shell("Sign in", ""), "/", Optional.of("No such token."),
                Optional.of("GitLab")));
        write("own-tokens", "own-tokens", OwnTokensPage.of(shell("Your tokens", ""), java.util.List.of("ops"),
                java.util.List.of(new SignInPage.Kept("laptop", fleet.at().minusSeconds(90),
                        Optional.of(fleet.at().plusSeconds(90 * 86_400)))),
                Optional.of(new SignInPage.Fresh("laptop", "0123456789abcdef".repeat(3))), Optional.empty()));
        write("empty", "empty", new EmptyFleetPage(shell("Fleet", "fleet"), Parts.Moment.of(fleet.at(), fleet.at())));
    }

    private void repositories() throws IOException {
        var pages = new ExampleRepository();
        write("repositories", "repositories", pages.list());
        write("repository", "repository", pages.repository());
        write("search", "search", pages.search());
        write("install", "install", pages.install());
        write("package", "package", pages.onePackage());
    }

    static Shell shell(String title, String section) {
        var shell = new Shell(title, section, Optional.of("anna"), Optional.empty(), ExampleFleet.NOW, "stamp",
                new Offers(() -> _ -> true, true, ExampleFleet.NOW));
        return section.equals("fleet") ? shell.followingTheFleet() : shell;
    }

    private void write(String name, String template, Object page) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(name + ".html"), renderer.text(template, page));
    }

    private static List<StrayLine> strays() {
        return StrayLine.all(List.of(new FleetReads.Stray(ExampleFleet.NOW.minusSeconds(300), "r3.canary.deploy.1",
                "pipeline", "succeeded, after it had ended")), ExampleFleet.NOW);
    }

    private static FiguresCard figures() {
        var record = new DeliveryRecord();
        ExampleEvents.happened().forEach(happened -> record.take(happened.event()));
        return FiguresCard.of(DeliveryFigures.of(record.versions(ExampleFleet.NOW), FiguresCard.DAYS,
                ExampleFleet.NOW));
    }
}
