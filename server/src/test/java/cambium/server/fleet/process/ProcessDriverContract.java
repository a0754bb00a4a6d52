package cambium.server.fleet.process;

import cambium.rollout.AttemptId;
import cambium.rollout.Step;
import cambium.server.fleet.CellDriverContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// The contract of drivers, for steps that are programs.
abstract class ProcessDriverContract extends CellDriverContract {
    @TempDir
    Path temporary;
    Path drivers;
    Path ran;

    @BeforeEach
    void writeDrivers() throws IOException {
        drivers = temporary.resolve("with a space/drivers");
        ran = temporary.resolve("ran");
        Files.createFile(ran);
        var note = "echo \"$CAMBIUM_ATTEMPT\" >> '" + ran + "'\n";
        for (var step : Step.values()) {
            write("works", step, note + "echo \"$CAMBIUM_KIND\" > '" + temporary.resolve("kind") + "'\necho done\n");
            write("breaks", step, note + "echo no space left >&2\nexit 3\n");
            write("waits", step, note + waiting(temporary.resolve("go")));
        }
    }

    /// Ends also when the test's folder is gone, so that nothing outlives the test.
    static String waiting(Path go) {
        return "while [ -d '" + go.getParent() + "' ] && [ ! -e '" + go + "' ]; do sleep 0.02; done\n";
    }

    void write(String driver, Step step, String body) throws IOException {
        var folder = Files.createDirectories(drivers.resolve(driver));
        var file = folder.resolve(step.word());
        Files.writeString(file, "#!/bin/sh\n" + body);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /// Where attempts may be.
    abstract List<Path> attemptFolders();

    ProcessCellDriver process(Path attempts) {
        return new ProcessCellDriver(drivers, attempts, new StepEnvironment(System.getenv("PATH"), "/nowhere"), () ->
            { });
    }

    @Override
    protected int runs(AttemptId attempt) throws IOException {
        return (int) Files.readAllLines(ran).stream().filter(attempt.toString()::equals).count();
    }

    @Override
    protected void releaseWaiting() throws IOException {
        Files.createFile(temporary.resolve("go"));
    }

    @Override
    protected String kindTold(AttemptId attempt) throws IOException {
        return Files.readString(temporary.resolve("kind")).strip();
    }

    @Override
    protected List<String> leftBehind(AttemptId attempt) throws IOException {
        var left = new ArrayList<String>();
        for (var folder : attemptFolders()) {
            for (var role : List.of("claim", "child")) {
                var file = folder.resolve(attempt.toString()).resolve(role);
                if (Files.exists(file) && StepProcess.parse(Files.readString(file)).filter(StepProcess::alive)
                        .isPresent()) {
                    left.add(role);
                }
            }
        }
        return left;
    }
}
