package cambium.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OutgoingPostsTest {
    private final OutgoingPosts posts = new OutgoingPosts(Set.of());

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "100.127.255.255", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9",
        "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "fd12::1", "ff02::1", "::ffff:127.0.0.1",
        "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:1::", "2001:db8::1"})
    void refusesAddressesThatAreNotPublic(String address) throws Exception {
        assertFalse(OutgoingPosts.isPublic(InetAddress.getByName(address)), address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"8.8.8.8", "1.1.1.1", "100.63.0.1", "100.128.0.1", "172.32.0.1", "2606:4700::1111"})
    void takesPublicAddresses(String address) throws Exception {
        assertTrue(OutgoingPosts.isPublic(InetAddress.getByName(address)), address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "file:///etc/passwd", "gopher://example.org/", "https://user:pw@example.org/",
        "https://127.0.0.1/", "http://2130706433/", "http://0x7f.1/", "http://[::1]:8080/", "http://[fe80::1%25eth0]/",
        "http://localhost/", "https:///x", "javascript:alert(1)", "http://ex ample/", "https://example.org/#x"})
    void refusesAddressesThatCannotBeMeant(String url) {
        assertTrue(posts.problem(url).isPresent(), url);
    }

    @Test
    void refusesAnAddressOfMoreThanTwoThousandCharacters() {
        assertTrue(posts.problem("https://example.org/" + "x".repeat(2048)).isPresent());
        assertTrue(posts.problem("https://example.org/" + "x".repeat(1000)).isEmpty());
    }

    @Test
    void doesNotConnectToThisMachineUnlessTheAdministratorAllowsItAndFollowsNoRedirect() throws Exception {
        var calls = new AtomicInteger();
        var receiver = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        receiver.createContext("/", exchange -> {
            calls.incrementAndGet();
            exchange.getResponseHeaders().add("Location", "/elsewhere");
            exchange.sendResponseHeaders(302, -1);
        });
        receiver.start();
        var target = URI.create("http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook");
        try (posts; var allowed = new OutgoingPosts(Set.of("127.0.0.1"))) {
            assertTrue(posts.post(target, Map.of(), new byte[0]) instanceof OutgoingPosts.Outcome.Failed);
            assertEquals(0, calls.get());
            assertEquals(new OutgoingPosts.Outcome.Answered(302), allowed.post(target, Map.of("X-A", "b"), "{}"
                .getBytes()));
            assertEquals(1, calls.get());
        } finally {
            receiver.stop(0);
        }
    }
}
