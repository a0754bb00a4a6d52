package cambium.server.fleet.handover;

import cambium.rollout.CellSpec;
import cambium.server.config.Descriptors;
import cambium.server.fleet.yaml.DriverYaml;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// The drivers of this machine: `<drivers>/<name>/`, where `driver.yaml` says how steps are carried out; without it the
/// folder holds a program per step. The name `pull` needs no folder. Looked at anew for each order.
public final class DriverFolders {
    static final String FILE = "driver.yaml";
    private static final int MAX_BYTES = 1 << 16;

    private final Path drivers;

    public DriverFolders(Path drivers) {
        this.drivers = drivers.toAbsolutePath().normalize();
    }

    /// What a name stands for.
    public sealed interface Named {
        record Known(DriverSpec spec, Path folder) implements Named {}

        /// There is something of that name, and it cannot be used.
        record Unusable(String reason) implements Named {}
    }

    /// Throws where this process has no file descriptors left: that says nothing of the driver.
    public Named named(String name) {
        var folder = drivers.resolve(name);
        if (name.equals(CellSpec.PULL)) {
            return new Named.Known(new DriverSpec.Pull(), folder);
        }
        if (!drivers.equals(folder.normalize().getParent())) {
            return new Named.Unusable("is no name of a folder");
        }
        try (var in = Files.newInputStream(folder.resolve(FILE))) {
            return switch (DriverYaml.read(in.readNBytes(MAX_BYTES))) {
                case DriverYaml.Reading.Read(var spec) -> new Named.Known(spec, folder);
                case DriverYaml.Reading.Refused(var problems) -> new Named.Unusable("cannot be used, its " + FILE
                        + " is wrong: " + problems);
            };
        } catch (NoSuchFileException none) {
            return new Named.Known(new DriverSpec.Process(), folder);
        } catch (IOException unreadable) {
            if (Descriptors.isLackOf(unreadable)) {
                throw new UncheckedIOException("no file descriptors are left to read " + FILE, unreadable);
            }
            return new Named.Unusable("cannot be used, its " + FILE + " cannot be read: " + unreadable.getMessage());
        }
    }
}
