package cambium.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.http.OutgoingPosts.Exchange;
import cambium.server.http.OutgoingPosts.Outcome;
import cambium.server.testing.TestCertificate;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// Certificates that other servers show: those that have ended, and those that soon will.
class PeerCertificatesTest {
    @TempDir
    Path folder;

    private static OutgoingPosts posts(TestCertificate trusted) throws Exception {
        return new OutgoingPosts(CheckedClient.trusting(TrustedCertificates.context(Files.readAllBytes(
            trusted.certificate())), (_, _) -> true, Duration.ofSeconds(10), 1));
    }

    @Test
    void oneThatHasEndedIsRefusedByNameAndNothingIsSentThere() throws Exception {
        var ended = new TestCertificate(folder, -1);
        try (var server = ended.server(); var posts = posts(ended)) {
            var target = URI.create(server.address() + "/hook");
            for (int i = 0; i < 2; i++) {
                assertEquals(new Outcome.Failed(ended.ended()), posts.post(target, Map.of(), new byte[3]));
                assertEquals(new Exchange.NotSent(ended.ended()), posts.exchange("POST", target, Map.of(),
                    new byte[3]));
            }
            assertEquals(0, server.asked().get());
        }
    }

    @Test
    void oneThatNobodyTrustsIsRefusedAlthoughItHasNotEnded() throws Exception {
        try (var server = new TestCertificate(folder, 2).server();
                var posts = new OutgoingPosts(Set.of("127.0.0.1"))) {
            assertEquals(new Outcome.Failed("the host shows no certificate that is trusted, or speaks no TLS"),
                posts.post(URI.create(server.address()), Map.of(), new byte[3]));
            assertEquals(0, server.asked().get());
        }
    }

    @Test
    void oneThatEndsWithinThirtyDaysIsAFigureAndIsToldOnce() throws Exception {
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        var log = (Logger) LoggerFactory.getLogger(PeerCertificates.class);
        log.addAppender(lines);
        var certificate = new TestCertificate(folder, 2);
        var now = certificate.end().minus(Duration.ofDays(29));
        PeerCertificates.watch(InstantSource.fixed(now.minus(Duration.ofDays(2))));
        try (var server = certificate.server(); var posts = posts(certificate)) {
            var target = URI.create(server.address());
            assertEquals(new Outcome.Answered(200), posts.post(target, Map.of(), new byte[3]));
            assertTrue(lines.list.isEmpty(), "thirty-one days are left: " + lines.list);
            PeerCertificates.watch(InstantSource.fixed(now));
            assertTrue(PeerCertificates.secondsLeft() <= Duration.ofDays(29).toSeconds());
            assertFalse(Double.isNaN(PeerCertificates.secondsLeft()));
            for (int i = 0; i < 2; i++) {
                assertEquals(200,
                    ((Exchange.Answered) posts.exchange("POST", target, Map.of(), new byte[3])).status());
            }
            try (var again = posts(certificate)) {
                assertEquals(new Outcome.Answered(200), again.post(target, Map.of(), new byte[3]));
            }
            assertEquals(1, lines.list.size(), lines.list.toString());
            assertEquals("the certificate of 127.0.0.1 (CN=peer) ends at " + certificate.end()
                + ": whoever runs that host has to renew it", lines.list.getFirst().getFormattedMessage());
        } finally {
            log.detachAppender(lines);
        }
    }

    @Test
    void aHostWhoseNameIsNotKnownIsNamedAndNothingIsSent() throws Exception {
        try (var posts = new OutgoingPosts(Set.of())) {
            var target = URI.create("https://pipelines.invalid/hook");
            assertEquals(new Outcome.Failed("the host pipelines.invalid is not known"),
                posts.post(target, Map.of(), new byte[3]));
            assertEquals(new Exchange.NotSent("the host pipelines.invalid is not known"),
                posts.exchange("POST", target, Map.of(), new byte[3]));
        }
    }
}
