package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random histories of pushes, deletions and promotions over names that are easily mistaken for each other, beside a
/// model: an identity keeps its bytes for ever, an action touches the one it names and no other, and whatever was
/// acknowledged is in the index, deleted, or waiting.
final class IdentityPropertyTest {
    private static final List<String> REPOSITORIES = List.of("acme/shop", "acme/shop-1");
    private static final List<String> NAMES = List.of("aa", "aa-1", "aa.1", "aa+1", "aa-1.1", "libaa");
    private static final List<String> VERSIONS = List.of("1", "1-1", "1.1-1", "1-1.1", "1+1-1");
    private static final List<String> ARCHITECTURES = List.of("amd64", "all");
    private static final int STEPS = 150;

    @TempDir
    Path data;

    /// `bytes`: those that the identity stands for; `live`: it was not deleted since.
    private record Known(byte[] bytes, boolean live) {}

    private final Map<String, Known> model = new HashMap<>();
    private int acknowledged;

    @Test
    void anIdentityKeepsItsBytesAndAnActionTouchesTheOneItNames() throws Exception {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        try (var server = RepositoryServer.start(data)) {
            REPOSITORIES.forEach(name -> server.create(name, false));
            for (int step = 0; step < STEPS; step++) {
                act(server, random, "seed " + seed + ", step " + step);
            }
            server.settled();
            check(server, "seed " + seed);
        }
    }

    private void act(RepositoryServer server, Random random, String what) {
        String repository = one(random, REPOSITORIES);
        String name = one(random, NAMES);
        String version = one(random, VERSIONS);
        String architecture = one(random, ARCHITECTURES);
        String file = name + "_" + version + "_" + architecture + ".deb";
        String key = repository + " " + file;
        String address = "/api/v1/repos/" + repository + "/debian/bookworm/" + file;
        switch (random.nextInt(5)) {
            case 0 -> {
                int status = server.send(server.authorized(address).DELETE()).statusCode();
                assertEquals(isLive(key) ? 200 : 404, status, what);
                model.computeIfPresent(key, (_, known) -> new Known(known.bytes(), false));
            }
            case 1 -> {
                String other = REPOSITORIES.get(1 - REPOSITORIES.indexOf(repository));
                int status = server.send(server.authorized(address + "/promote.json?destination=" + other)
                    .POST(BodyPublishers.noBody())).statusCode();
                assertEquals(promoted(key, other + " " + file), status, what);
            }
            default -> {
                byte[] deb = TestDeb.of(name, version, architecture, "", "variant " + random.nextInt(2));
                int status = server.push(repository, deb).statusCode();
                assertEquals(pushed(key, deb), status, what);
            }
        }
    }

    private boolean isLive(String key) {
        return model.containsKey(key) && model.get(key).live();
    }

    private boolean isFree(String key, byte[] bytes) {
        return !model.containsKey(key)
            || !model.get(key).live() && Arrays.equals(model.get(key).bytes(), bytes);
    }

    private int pushed(String key, byte[] bytes) {
        if (!isFree(key, bytes)) {
            return 422;
        }
        acknowledged++;
        model.put(key, new Known(bytes, true));
        return 201;
    }

    private int promoted(String from, String to) {
        if (!isLive(from)) {
            return 404;
        }
        byte[] bytes = model.get(from).bytes();
        if (!isFree(to, bytes)) {
            return 422;
        }
        model.put(from, new Known(bytes, false));
        model.put(to, new Known(bytes, true));
        return 200;
    }

    private static String one(Random random, List<String> of) {
        return of.get(random.nextInt(of.size()));
    }

    private void check(RepositoryServer server, String what) throws Exception {
        var live = new TreeSet<String>();
        for (String repository : REPOSITORIES) {
            for (JsonNode shown : server.json("/api/v1/repos/" + repository + "/packages.json?per_page=250")) {
                String key = repository + " " + shown.path("filename").textValue();
                live.add(key);
                assertEquals(true, shown.path("indexed").booleanValue(), what);
                String pool = server.http.get(shown.path("download_url").textValue().replaceFirst("http://[^/]*", ""))
                    .headers().firstValue("Location").orElseThrow();
                assertArrayEquals(model.get(key).bytes(), server.bytes(pool).body(), what);
            }
        }
        var expected = new TreeSet<String>();
        model.forEach((key, known) -> {
            if (known.live()) {
                expected.add(key);
            }
        });
        assertEquals(expected, live, what);
        assertEquals(model.size(), server.count("select count(*) from package where state in ('indexed', 'deleted')"),
            what + ", after " + acknowledged + " acknowledged pushes");
        assertEquals(expected.size(), server.count("select sum(change) from package_tally"), what);
    }
}
