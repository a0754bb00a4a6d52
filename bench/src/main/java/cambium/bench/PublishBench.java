package cambium.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import cambium.formats.testing.TestDeb;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/// A push over HTTP until the signed index holds it, in a growing repository, and what one more package costs there.
final class PublishBench {
    private static final int[] SIZES = {1_000, 10_000};
    private static final int SINGLE_PUSHES = 100;
    private static final int PARALLEL_PUSHES = 8;
    private static final String REPOSITORY = "/api/v1/repos/bench/deb";
    private static final String BOUNDARY = "cambium-bench";

    private PublishBench() {}

    static void run(Figures figures, Path folder) throws Exception {
        try (var server = BenchServer.start(folder)) {
            server.post("/api/v1/repos", "application/json",
                    "{\"repository\":{\"name\":\"bench/deb\"}}".getBytes(UTF_8), 201);
            push(server, -1);
            awaitIndexed(server, -1);
            int held = 0;
            for (int size : SIZES) {
                fill(figures, server, held, size);
                held = size;
                measure(figures, server, held);
                held += SINGLE_PUSHES;
            }
        }
    }

    private static void fill(Figures figures, BenchServer server, int from, int to) throws Exception {
        long begin = System.nanoTime();
        double cpu = server.cpuMillis();
        var room = new Semaphore(PARALLEL_PUSHES);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = from; i < to; i++) {
                int number = i;
                room.acquire();
                threads.submit(() -> {
                    try {
                        push(server, number);
                    } finally {
                        room.release();
                    }
                    return null;
                });
            }
        }
        awaitIndexed(server, to - 1);
        figures.add("bulk push over HTTP, " + (to - from) + " packages on " + from + ", until visible, each", "ms", "",
                (System.nanoTime() - begin) / 1e6 / (to - from));
        figures.add("the same, processor time with PostgreSQL, each", "ms", "",
                (server.cpuMillis() - cpu) / (to - from));
    }

    private static void measure(Figures figures, BenchServer server, int held) throws Exception {
        var visible = new double[SINGLE_PUSHES];
        double cpu = server.cpuMillis();
        for (int i = 0; i < SINGLE_PUSHES; i++) {
            push(server, held + i);
            long acknowledged = System.nanoTime();
            awaitIndexed(server, held + i);
            visible[i] = (System.nanoTime() - acknowledged) / 1e6;
        }
        figures.add("push acknowledged → visible to apt, at " + held + " packages", "ms", "p99 ≤ 1,000", visible);
        figures.add("one more package, push and publish, processor time with PostgreSQL, at " + held, "ms", "",
                (server.cpuMillis() - cpu) / SINGLE_PUSHES);
    }

    private static void push(BenchServer server, int number) throws Exception {
        var deb = TestDeb.of(name(number), "1.0-1", "amd64").field("Description", "package " + number + " of a bench")
                .field("Depends", "libc6 (>= 2.36), zlib1g (>= 1:1.2.13)").field("Section", "utils")
                .file("usr/share/bench/" + number, "number " + number + "\n").build();
        var body = new ByteArrayOutputStream();
        body.writeBytes(part("package[distro_version_id]", "").getBytes(UTF_8));
        body.writeBytes("215\r\n".getBytes(UTF_8));
        body.writeBytes(part("package[package_file]", "; filename=\"x.deb\"").getBytes(UTF_8));
        body.writeBytes(deb);
        body.writeBytes(("\r\n--" + BOUNDARY + "--\r\n").getBytes(UTF_8));
        server.post(REPOSITORY + "/packages.json", "multipart/form-data; boundary=" + BOUNDARY, body.toByteArray(),
                201);
    }

    private static String part(String name, String more) {
        return "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"" + more + "\r\n\r\n";
    }

    private static String name(int number) {
        return number < 0 ? "bench-first" : "bench-" + number;
    }

    /// Indexed turns true in the commit that moves the channel's pointer to the generation that holds the package.
    private static void awaitIndexed(BenchServer server, int number) throws Exception {
        var path = REPOSITORY + "/package/deb/debian/bookworm/" + name(number) + "/amd64/1.0-1.json";
        while (!server.get(path).contains("\"indexed\":true")) {
            Thread.sleep(1);
        }
    }
}
