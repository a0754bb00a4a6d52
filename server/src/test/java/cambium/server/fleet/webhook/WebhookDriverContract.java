package cambium.server.fleet.webhook;

import cambium.rollout.AttemptId;
import cambium.server.fleet.CellDriver;
import cambium.server.fleet.CellDriverContract;
import cambium.server.fleet.handover.DriverFolders;
import cambium.server.fleet.handover.Handovers;
import cambium.server.sql.Database;
import cambium.server.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// The contract of drivers, for one of the ways in which a pipeline answers.
abstract class WebhookDriverContract extends CellDriverContract {
    static final String SECRET = "s3cret-of-the-driver";

    @TempDir
    Path drivers;
    final Database database = TestDatabase.fresh();
    PlayedPipelines pipelines;
    private final List<WebhookCellDriver> opened = new ArrayList<>();
    private volatile Duration later = Duration.ZERO;
    final InstantSource time = () -> Instant.now().plus(later);

    abstract PlayedPipelines.Answering answering();

    /// What `driver.yaml` says beside the start.
    abstract String following(String url);

    @BeforeEach
    void begin() throws Exception {
        pipelines = new PlayedPipelines(answering());
        for (var name : List.of("works", "breaks", "waits")) {
            write(name, """
                kind: webhook
                hosts: [127.0.0.1]
                start:
                  url: URL/start/NAME
                  headers: {X-Token: "${secret:token}"}
                  body: start.json
                """.replace("URL", pipelines.url()).replace("NAME", name) + following(pipelines.url()));
        }
        write("absent", "kind: webhook\nstart: {}\n");
    }

    @AfterEach
    void end() {
        opened.forEach(WebhookCellDriver::close);
        pipelines.close();
        database.close();
    }

    void write(String name, String yaml) throws IOException {
        var folder = Files.createDirectories(drivers.resolve(name));
        Files.writeString(folder.resolve("driver.yaml"), yaml);
        Files.writeString(folder.resolve("start.json"), """
            {"attempt": "${CAMBIUM_ATTEMPT}", "epoch": "${CAMBIUM_EPOCH}", "kind": "${CAMBIUM_KIND}"}""");
        Files.writeString(folder.resolve("token"), SECRET + "\n");
        Files.setPosixFilePermissions(folder.resolve("token"), PosixFilePermissions.fromString("rw-------"));
    }

    void change(String name, String from, String to) throws IOException {
        var file = drivers.resolve(name).resolve("driver.yaml");
        Files.writeString(file, Files.readString(file).replace(from, to));
    }

    void pass(Duration duration) {
        later = later.plus(duration);
    }

    Handovers handovers() {
        return new Handovers(database, time);
    }

    @Override
    protected CellDriver open() {
        var driver = new WebhookCellDriver(handovers(), new DriverFolders(drivers), () -> { }, time);
        opened.add(driver);
        return driver;
    }

    @Override
    protected int runs(AttemptId attempt) {
        return pipelines.runs(attempt);
    }

    @Override
    protected String kindTold(AttemptId attempt) {
        return pipelines.lastKind();
    }

    @Override
    protected void releaseWaiting() {
        pipelines.release();
    }

    @Override
    protected List<String> leftBehind(AttemptId attempt) {
        return pipelines.running(attempt);
    }
}
