package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReadRootsTest {
    private static final Optional<String> DNF = Optional.of("libdnf");
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final ReadRoots roots = new ReadRoots(() -> now);

    private long read(String file, long newest) {
        return roots.generation("127.0.0.1", DNF, 1, file, newest);
    }

    @Test
    void givesTheSignatureOfWhatTheClientReadThoughAnotherWasPublishedMeanwhile() {
        assertEquals(4, read("9/repodata/repomd.xml", 4));
        assertEquals(4, read("9/repodata/repomd.xml.asc", 5));
        assertEquals(5, read("9/repodata/repomd.xml", 5), "what is signed is always the newest");
        assertEquals(5, read("9/repodata/repomd.xml.asc", 6));
        read("Release", 6);
        assertEquals(6, read("Release.gpg", 7));
    }

    @Test
    void givesTheNewestToWhoeverReadNothingOrLongAgo() {
        assertEquals(5, read("9/repodata/repomd.xml.asc", 5));
        read("9/repodata/repomd.xml", 5);
        now = now.plus(Duration.ofMinutes(1));
        assertEquals(7, read("9/repodata/repomd.xml.asc", 7));
    }

    @Test
    void keepsClientsChannelsAndFoldersApart() {
        read("9/repodata/repomd.xml", 4);
        assertEquals(5, roots.generation("127.0.0.2", DNF, 1, "9/repodata/repomd.xml.asc", 5));
        assertEquals(5, roots.generation("127.0.0.1", Optional.empty(), 1, "9/repodata/repomd.xml.asc", 5));
        assertEquals(5, roots.generation("127.0.0.1", DNF, 2, "9/repodata/repomd.xml.asc", 5));
        assertEquals(5, read("9/SRPMS/repodata/repomd.xml.asc", 5));
    }

    @Test
    void remembersABoundedNumberOfClients() {
        for (var i = 0; i <= ReadRoots.MOST; i++) {
            roots.generation("10.0." + i / 256 + "." + i % 256, DNF, 1, "Release", 4);
        }
        assertEquals(5, roots.generation("10.0.0.0", DNF, 1, "Release.gpg", 5));
        assertEquals(4, roots.generation("10.0.0.1", DNF, 1, "Release.gpg", 5));
    }
}
