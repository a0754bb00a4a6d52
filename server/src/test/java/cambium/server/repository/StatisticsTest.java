package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.http.Json;
import cambium.server.repository.statistics.Fetch;
import cambium.server.repository.statistics.UsageLog;
import cambium.server.repository.statistics.UsageQuery;
import cambium.server.repository.statistics.UsageReader;
import cambium.server.testing.Eventually;
import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StatisticsTest {
    private static final String DOWNLOAD =
        "/acme/shop/packages/debian/bookworm/hello_1.0-7_amd64.deb/download.deb?distro_version_id=215";
    private static final String STATS =
        "/api/v1/repos/acme/shop/package/deb/debian/bookworm/hello/amd64/1.0-7/stats/downloads/";
    private static final String INSTALLS = "/api/v1/repos/acme/shop/stats/installs/";
    private static final Instant NOW = Instant.parse("2016-02-24T10:30:00Z");

    @TempDir
    Path data;

    private final InstantSource clock = InstantSource.fixed(NOW);
    private RepositoryServer server;

    @BeforeEach
    void start() {
        server = RepositoryServer.startIdle(data, clock);
        server.create("acme", "shop");
        server.pushed("acme/shop", TestDeb.of("hello", "1.0-7", "amd64"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private int count(String path) {
        return server.json(path).path("value").intValue();
    }

    private void downloadedAt(String at, String userAgent) {
        server.database.transact(sql -> sql.execute("insert into package_download (package_id, at, address, "
            + "user_agent, source) values ((select id from package), ?::timestamptz, '10.0.0.1', ?, ?)", at, userAgent,
            Fetch.sourceOf(userAgent).text()));
    }

    @Test
    void countsWhatWasFetchedAndNothingElse() {
        assertEquals(0, count(STATS + "count.json"));
        String tag = "\"" + server.json("/api/v1/repos/acme/shop/packages.json").get(0).path("sha256sum").textValue()
            + "\"";
        var head = server.http.request(DOWNLOAD).method("HEAD", BodyPublishers.noBody());
        assertEquals(302, server.send(head).statusCode());
        for (List<String> header : List.of(List.of("Range", "bytes=100-"), List.of("Range", "bytes=-5"),
            List.of("If-None-Match", tag), List.of("If-Modified-Since", "Wed, 24 Feb 2016 10:30:00 GMT"))) {
            assertEquals(302, server.http.get(DOWNLOAD, header.get(0), header.get(1)).statusCode());
        }
        for (List<String> header : List.of(List.of("Range", "bytes=0-99"), List.of("If-None-Match", "\"other\""),
            List.of("If-Modified-Since", "Wed, 24 Feb 2016 10:29:00 GMT"), List.of("User-Agent", "Mozilla/5.0 x"),
            List.of("User-Agent", "curl/8.5.0\t" + "x".repeat(500)))) {
            assertEquals(302, server.http.get(DOWNLOAD, header.get(0), header.get(1)).statusCode());
        }
        Eventually.holds("five downloads are written", () -> count(STATS + "count") == 5);
        assertEquals(1, count(STATS + "count?source=web"));
        assertEquals(4, count(STATS + "count?source=cli"));
        assertEquals(1, count(STATS + "count?user_agent=CURL%2F8"));
        assertEquals(5, server.json(STATS.replace("/stats/downloads/", ".json")).path("total_downloads_count")
            .intValue());
        JsonNode events = server.json(STATS + "detail.json");
        assertEquals(5, events.size());
        var keys = new ArrayList<String>();
        events.get(0).fieldNames().forEachRemaining(keys::add);
        assertEquals(List.of("downloaded_at", "ip_address", "user_agent", "source", "read_token"), keys);
        assertEquals("2016-02-24T10:30:00.000Z", events.get(0).path("downloaded_at").textValue());
        assertEquals("127.0.0.1", events.get(0).path("ip_address").textValue());
        assertTrue(events.get(0).path("user_agent").textValue().matches("curl/8.5.0x{246}"));
    }

    @Test
    void showsDaysWeeksMonthsAndHours() {
        for (String at : List.of("2016-02-21T23:59:59Z", "2016-02-22T00:00:00Z", "2016-02-22T13:00:00Z",
            "2016-02-24T09:00:00Z", "2016-01-31T00:00:00Z")) {
            downloadedAt(at, "Debian APT-HTTP/1.3 (2.6.1)");
        }
        assertEquals(4, count(STATS + "count"), "seven days and today");
        assertEquals("{\"value\":{\"20160217Z\":0,\"20160218Z\":0,\"20160219Z\":0,\"20160220Z\":0,\"20160221Z\":1,"
            + "\"20160222Z\":2,\"20160223Z\":0,\"20160224Z\":1}}", server.get(STATS + "series/daily.json").body());
        String year = "?start_date=20160131Z&end_date=20160231Z";
        assertEquals(5, count(STATS + "count.json" + year), "a day that February never had means its last");
        assertEquals("{\"value\":{\"20160125Z\":1,\"20160201Z\":0,\"20160208Z\":0,\"20160215Z\":1,\"20160222Z\":3,"
            + "\"20160229Z\":0}}", server.get(STATS + "series/weekly" + year).body());
        assertEquals("{\"value\":{\"20160101Z\":1,\"20160201Z\":4}}",
            server.get(STATS + "series/monthly.json" + year).body());
        JsonNode hours = server.json(STATS + "series/hourly?start_date=2016-02-22&end_date=2016-02-22").path("value");
        assertEquals(24, hours.size());
        assertEquals(1, hours.path("20160222T13Z").intValue());
        assertEquals(1, count(STATS + "count?start_date=2016-02-24T08:00:00Z&end_date=2016-02-24T09:30:00Z"));
        assertEquals(1000, server.json(STATS + "series/hourly?start_date=20000101Z").path("value").size(), "bounded");
        assertEquals(404, server.get(STATS + "series/yearly.json").statusCode());
        for (String bad : List.of("start_date=yesterday", "end_date=20161301Z", "start_date=20160100", "source=fax")) {
            assertEquals(422, server.get(STATS + "count?" + bad).statusCode(), bad);
        }
    }

    @Test
    void pagesSingleEventsForWhoeverMayPush() {
        for (int i = 10; i < 15; i++) {
            downloadedAt("2016-02-23T" + i + ":00:00Z", "apt " + i);
        }
        var first = server.get(STATS + "detail.json?per_page=2&source=cli");
        assertEquals("5", first.headers().firstValue("Total").orElseThrow());
        String link = first.headers().firstValue("Link").orElseThrow();
        assertTrue(link.contains("rel=\"next\"") && link.contains("source=cli"), link);
        var agents = new ArrayList<String>();
        for (int page = 1; page <= 4; page++) {
            server.json(STATS + "detail?per_page=2&page=" + page)
                .forEach(event -> agents.add(event.path("user_agent").textValue()));
        }
        assertEquals(List.of("apt 14", "apt 13", "apt 12", "apt 11", "apt 10"), agents);
        assertEquals(401, server.http.get(STATS + "detail.json").statusCode());
        assertEquals(200, server.http.get(STATS + "count.json").statusCode(), "counts are public");
        assertEquals(200, server.http.get(STATS + "series/daily.json").statusCode());
        assertEquals(404, server.get(STATS.replace("hello", "other") + "count.json").statusCode());
    }

    @Test
    void countsInstallsPerRepositoryDistributionAndVersion() {
        long repository = server.count("select id from repository");
        try (var log = new UsageLog(server.database, new SimpleMeterRegistry(), clock, Duration.ofDays(1))) {
            var fetch = new Fetch(NOW, "10.0.0.9", "curl/8", Fetch.Source.CLI, new Fetch.Credential(
                java.util.OptionalLong.of(4), Optional.of("default"), Optional.empty()));
            log.installed(repository, "debian", "bookworm", "web-1", fetch);
            log.installed(repository, "debian", "trixie", "web-2\u0000\n", fetch);
            log.installed(repository, "el", "9", "web-3", fetch);
        }
        assertEquals(3, count(INSTALLS + "count.json"));
        assertEquals(2, count(INSTALLS + "debian/count.json"));
        assertEquals(1, count(INSTALLS + "debian/12/count"));
        assertEquals(0, count(INSTALLS + "ubuntu/count"));
        assertEquals(404, server.get(INSTALLS + "debian/none/count").statusCode());
        assertEquals(3, count(INSTALLS + "count.json?master_token=default"));
        assertEquals(0, count(INSTALLS + "count.json?read_token=x"));
        assertEquals(0, count(INSTALLS + "count.json?master_token=" + "ab".repeat(24)));
        assertEquals(2, server.json(INSTALLS + "debian/series/daily.json").path("value").path("20160224Z").intValue());
        JsonNode one = server.json(INSTALLS + "debian/trixie/detail.json").get(0);
        assertEquals("{\"installed_at\":\"2016-02-24T10:30:00.000Z\",\"ip_address\":\"10.0.0.9\","
            + "\"hostname\":\"web-2\",\"user_agent\":\"curl/8\",\"master_token\":\"default\","
            + "\"distro_version\":\"debian/trixie\"}",
            one.toString());
        assertEquals(3, server.json(INSTALLS + "detail").size());
        assertEquals(2, server.json(INSTALLS + "debian/detail").size());
        assertEquals(3, server.json(INSTALLS + "series/weekly").path("value").path("20160222Z").intValue());
        assertEquals(1, server.json(INSTALLS + "debian/12/series/daily").path("value").path("20160224Z").intValue());
        assertEquals(3, server.json("/api/v1/repos/acme/shop").path("total_installs_count").intValue());
    }

    @Test
    void countsAMachineThatFetchesItsConfiguration() {
        for (String text : List.of("config_file.list?os=debian&dist=12&name=web-1&source=script",
            "config_file.repo?os=el&dist=9&name=web-2", "apt_auth_conf?os=debian&dist=12&name=web-1")) {
            assertEquals(200, server.http.get("/install/repositories/acme/shop/" + text).statusCode(), text);
        }
        Eventually.holds("both are written", () -> count(INSTALLS + "count") == 2);
        JsonNode one = server.json(INSTALLS + "debian/bookworm/detail").get(0);
        assertEquals("web-1 debian/bookworm", one.path("hostname").textValue() + " "
            + one.path("distro_version").textValue());
    }

    @Test
    void namesTheTokenThatAPackageWasFetchedWith() {
        server.create("acme/secret", true);
        server.pushed("acme/secret", TestDeb.of("hello", "1.0-7", "amd64"));
        JsonNode master = server.json("/api/v1/repos/acme/secret/master_tokens").get(0);
        String self = master.path("paths").path("self").textValue();
        JsonNode read = Json.read(server.send(server.authorized(self + "/read_tokens.json").POST(
            BodyPublishers.ofString("read_token[name]=web-7"))).body().getBytes());
        String stats = STATS.replace("shop", "secret");
        assertEquals(302, server.http.get(DOWNLOAD.replace("shop", "secret"), "Authorization",
            RepositoryServer.basic(read.path("value").textValue())).statusCode());
        Eventually.holds("the download is written", () -> count(stats + "count") == 1);
        assertEquals("web-7", server.json(stats + "detail").get(0).path("read_token").textValue());
        for (String token : List.of("read_token=web-7", "read_token=" + read.path("value").textValue(),
            "master_token=default", "master_token=" + master.path("value").textValue())) {
            assertEquals(1, count(stats + "count?" + token), token);
        }
        assertEquals(0, count(stats + "count?read_token=web-8"));
        var reader = new UsageReader(server.database);
        long secret = server.database.read(sql -> sql.fetchSingle("select id from repository where name = 'secret'")
            .get("id", Long.class));
        var today = UsageQuery.between(NOW.minusSeconds(60), NOW.plusSeconds(60));
        assertEquals(List.of(new UsageReader.TokenDownloads(Optional.of("default"), Optional.of("web-7"), 1)),
            reader.downloadsByToken(secret, today, 50));
        assertEquals(List.of(), reader.downloadsByToken(secret, today, 0));
        assertEquals(List.of(), reader.downloadsByToken(secret + 1, today, 50));
        assertEquals(404, server.http.get(stats + "count").statusCode(), "a private repository's counts are private");
    }

    @Test
    void forgetsSingleEventsAfterATimeAndKeepsTotals() {
        long id = server.count("select id from package");
        try (var log = new UsageLog(server.database, new SimpleMeterRegistry(), clock, Duration.ofDays(2))) {
            for (Instant at : List.of(NOW.minus(Duration.ofDays(3)), NOW)) {
                log.downloaded(id, new Fetch(at, "10.0.0.9", "apt", Fetch.Source.CLI, Fetch.Credential.NONE));
            }
        }
        assertEquals(2, count(STATS + "count"));
        new UsageLog(server.database, new SimpleMeterRegistry(), clock, Duration.ofDays(2)).forgetOld();
        assertEquals(1, count(STATS + "count"));
        assertEquals(2, server.feature.usage().downloads(id));
    }

    @Test
    void neverWaitsForTheDatabase() {
        var closed = RepositoryServer.startIdle(data.resolve("closed"), InstantSource.system());
        closed.close();
        var registry = new SimpleMeterRegistry();
        var log = new UsageLog(closed.database, registry, clock, Duration.ofDays(1));
        var fetch = new Fetch(NOW, "10.0.0.9", "apt", Fetch.Source.CLI, Fetch.Credential.NONE);
        for (int i = 0; i < 50_000; i++) {
            log.downloaded(i, fetch);
        }
        double dropped = registry.counter("cambium.usage.dropped").count();
        assertTrue(dropped >= 25_000 && dropped <= 30_000, "what does not fit is dropped and counted: " + dropped);
        log.close();
        assertFalse(registry.counter("cambium.usage.dropped").count() < dropped);
    }
}
