package cambium.bench.repository;

import cambium.bench.BenchServer;
import cambium.bench.Figures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Publishes growing corpora with Cambium and with its peers: everything at once, then one package more.
public final class PublishBench {
    private static final int SINGLE_PUSHES = 100;
    private static final int STEADY_PUSHES = 400;
    private static final int WARM_UP_IMPORTED = 2_000;
    private static final int WARM_UP_PUSHES = 300;
    private static final int PEER_RUNS = 3;
    private static final int PEER_RUNS_ABOVE_10_000 = 2;

    private final PackageFamily family;
    private final Figures figures;
    private final Comparison bulk = new Comparison();
    private final Comparison oneMore = new Comparison();

    private PublishBench(PackageFamily family, Figures figures) {
        this.family = family;
        this.figures = figures;
    }

    /// @param sizes ascending, as numbers of packages
    public static void run(Figures figures, Path folder, Path results, List<Integer> sizes) throws Exception {
        for (PackageFamily family : PackageFamily.values()) {
            var bench = new PublishBench(family, figures);
            bench.cambium(folder.resolve("cambium-" + family.word()), folder.resolve("corpus-" + family.word()), sizes);
            bench.peers(folder, sizes);
            Files.writeString(results.resolve("publish-" + family.word() + ".md"),
                bench.oneMore.table("one more ." + family.word() + ", published again, at") + "\n"
                + bench.bulk.table("all packages, published once"));
            Files.writeString(results.resolve("one-more-" + family.word() + ".svg"), LogPlot.of("One more ."
                + family.word() + ", published again: processor time", bench.oneMore.costs()));
        }
    }

    private String ours() {
        return "Cambium: " + (family == PackageFamily.DEB ? "raw, gz, xz" : "gz") + "; over HTTP, durable";
    }

    /// A new repository for each size; the numbers from `size` on are the packages that come one by one.
    private void cambium(Path data, Path corpus, List<Integer> sizes) throws Exception {
        family.write(corpus, 0, sizes.getLast() + SINGLE_PUSHES + STEADY_PUSHES);
        try (var server = BenchServer.start(data)) {
            warmUp(server, corpus);
            for (int size : sizes) {
                var repository = created(server, "" + size);
                int steady = size + SINGLE_PUSHES;
                bulk.add(ours(), size, repository.importAll(corpus, 0, size));
                oneMore.add(ours(), size, repository.pushSingly(corpus, size, steady));
                figures.add("push of ." + family.word() + " acknowledged → visible, 20 pushes a second, at " + size,
                    "ms", "p99 ≤ 1,000", SteadyPushes.run(repository, corpus, steady, steady + STEADY_PUSHES));
            }
            ServeBench.pages(server, figures, "bench/" + name("" + sizes.getLast()), sizes.getLast());
        }
    }

    /// A server that has just started runs uncompiled code, which would be charged to the smallest repository.
    private void warmUp(BenchServer server, Path corpus) throws Exception {
        family.write(corpus, 0, WARM_UP_IMPORTED + WARM_UP_PUSHES);
        var repository = created(server, "warm");
        repository.importAll(corpus, 0, WARM_UP_IMPORTED);
        repository.pushSingly(corpus, WARM_UP_IMPORTED, WARM_UP_IMPORTED + WARM_UP_PUSHES);
    }

    /// Waits until the keys that are made ahead are made.
    private CambiumRepository created(BenchServer server, String suffix) throws Exception {
        var repository = new CambiumRepository(server, family, name(suffix));
        repository.create();
        server.rest();
        return repository;
    }

    private String name(String suffix) {
        return family.word() + "-" + suffix;
    }

    private void peers(Path folder, List<Integer> sizes) throws Exception {
        Path home = Peers.signingHome(Files.createDirectories(folder.resolve("peers-" + family.word())));
        for (int size : sizes) {
            Path work = Files.createDirectories(home.resolveSibling("at-" + size));
            Path packages = Files.createDirectories(work.resolve("packages"));
            family.write(packages, 0, size);
            for (Peer peer : family.peers(work, home, size)) {
                bulk.add(peer.name(), size, peer.publishAll(packages));
                var costs = new ArrayList<Cost>();
                int runs = size > 10_000 ? PEER_RUNS_ABOVE_10_000 : PEER_RUNS;
                Path more = family.write(work.resolve("more"), size, size + runs);
                for (int run = 0; run < runs; run++) {
                    costs.add(peer.publishOneMore(family.file(more, size + run)));
                }
                oneMore.add(peer.name(), size, costs.stream().reduce(new Cost(0, 0), Cost::plus).times(1.0 / runs));
            }
            new TimedShell(home.getParent(), Map.of()).run("rm -rf '" + work + "' /dev/shm/cambium-bench-*");
        }
    }
}
