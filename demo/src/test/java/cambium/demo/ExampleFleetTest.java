package cambium.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExampleFleetTest {
    private static final Path EXAMPLE = Path.of("../deploy/example/fleet.yaml");

    private static ExampleFleet fitted() throws IOException {
        return ExampleFleet.fitted(EXAMPLE, new FreePorts(7), Path.of("/tmp/it's here/cells"), Path.of("/jdk"));
    }

    @Test
    void keepsThePictureOfTheExample() throws IOException {
        ExampleFleet fleet = fitted();

        assertEquals(10, fleet.cells().size());
        assertEquals(1, fleet.perimeter());
        assertEquals(List.of("canary", "qa", "main"), fleet.inside().stream().map(DemoCell::name).toList());
        assertEquals(3, fleet.lastRing());
    }

    @Test
    void givesEachCellAPortAndAFolderOfItsOwn() throws IOException {
        ExampleFleet fleet = fitted();

        assertEquals(10, fleet.cells().stream().map(DemoCell::port).distinct().count());
        DemoCell main = fleet.cells().get(2);
        assertTrue(fleet.yaml().contains("health: \"http://127.0.0.1:" + main.port() + "/health\""), fleet.yaml());
        assertTrue(fleet.yaml().contains("settings: {port: \"" + main.port()
                + "\", folder: '/tmp/it''s here/cells/main', java-home: '/jdk'}}"), fleet.yaml());
        assertTrue(fleet.yaml().lines().noneMatch(line -> line.contains(":91")), fleet.yaml());
    }

    @Test
    void bakesForSeconds() throws IOException {
        assertTrue(fitted().yaml().contains("bake: {time: 3s, samples: 20}"));
    }
}
