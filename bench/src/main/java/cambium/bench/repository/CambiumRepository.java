package cambium.bench.repository;

import static java.nio.charset.StandardCharsets.UTF_8;

import cambium.bench.BenchServer;
import cambium.formats.testing.TarBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// One repository of a running server, pushed to over HTTP as a pipeline would.
public final class CambiumRepository {
    private static final String API = "/api/v1/repos/bench/";
    private static final String BOUNDARY = "cambium-bench";
    private static final int IMPORTED_AT_A_TIME = 5_000;
    /// After an acknowledged push the server publishes by itself; looking much sooner would be paid by the figure.
    private static final long FIRST_LOOK_MILLIS = 150;
    private static final long NEXT_LOOK_MILLIS = 25;

    private final BenchServer server;
    private final PackageFamily family;
    private final String name;

    /// @param name of the repository, without its owner
    CambiumRepository(BenchServer server, PackageFamily family, String name) {
        this.server = server;
        this.family = family;
        this.name = name;
    }

    void create() throws Exception {
        server.post("/api/v1/repos", "application/json",
            ("{\"repository\":{\"name\":\"bench/" + name + "\"}}").getBytes(UTF_8), 201);
    }

    /// Sends the packages `from` to `to` (excluded) as the command line does, until the last one is visible.
    Cost importAll(Path folder, int from, int to) throws Exception {
        long begin = System.nanoTime();
        double cpu = server.cpuMillis();
        String path = API + name + "/packages/import?distro_version_id=" + family.distroVersionId();
        for (int start = from; start < to; start += IMPORTED_AT_A_TIME) {
            var tar = new TarBytes();
            for (int number = start; number < Math.min(to, start + IMPORTED_AT_A_TIME); number++) {
                tar.file(number + "." + family.word(), Files.readAllBytes(family.file(folder, number)));
            }
            String answer = server.post(path, "application/x-tar", tar.toBytes(), 200);
            if (!answer.contains("\"refused\":0}")) {
                throw new IOException("an import was not whole: " + answer.lines().reduce((_, last) -> last));
            }
        }
        awaitVisible(to - 1);
        return new Cost((System.nanoTime() - begin) / 1e9, (server.cpuMillis() - cpu) / 1e3);
    }

    /// Pushes packages one after another, each alone in its generation; what each costs in the mean.
    Cost pushSingly(Path folder, int from, int to) throws Exception {
        long begin = System.nanoTime();
        double cpu = server.cpuMillis();
        for (int number = from; number < to; number++) {
            push(folder, number);
            awaitVisible(number);
        }
        return new Cost((System.nanoTime() - begin) / 1e9, (server.cpuMillis() - cpu) / 1e3).times(1.0 / (to - from));
    }

    void push(Path folder, int number) throws Exception {
        push(server, "bench/" + name, family, Files.readAllBytes(family.file(folder, number)));
    }

    public static void push(BenchServer server, String repository, PackageFamily family, byte[] file) throws Exception {
        var body = new ByteArrayOutputStream();
        body.writeBytes(part("package[distro_version_id]", "").getBytes(UTF_8));
        body.writeBytes((family.distroVersionId() + "\r\n").getBytes(UTF_8));
        body.writeBytes(part("package[package_file]", "; filename=\"pushed\"").getBytes(UTF_8));
        body.writeBytes(file);
        body.writeBytes(("\r\n--" + BOUNDARY + "--\r\n").getBytes(UTF_8));
        server.post("/api/v1/repos/" + repository + "/packages.json", "multipart/form-data; boundary=" + BOUNDARY,
            body.toByteArray(), 201);
    }

    private static String part(String name, String more) {
        return "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"" + more + "\r\n\r\n";
    }

    private void awaitVisible(int number) throws Exception {
        Thread.sleep(FIRST_LOOK_MILLIS);
        while (!isVisible(number)) {
            Thread.sleep(NEXT_LOOK_MILLIS);
        }
    }

    /// `indexed` turns true in the commit that moves the channel's pointer to the generation that holds the package.
    boolean isVisible(int number) throws Exception {
        return server.get(API + name + family.detailsPath(number)).contains("\"indexed\":true");
    }
}
