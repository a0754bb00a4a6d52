package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.repository.PackageListing.From;
import cambium.server.repository.PackageListing.Listed;
import cambium.server.repository.PackageListing.Wanted;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageListingTest {
    private static final String BULLSEYE = "207";

    @TempDir
    static Path data;

    private static RepositoryServer server;
    private static PackageListing listing;
    private static long shop;
    private static long other;

    @BeforeAll
    static void push() {
        server = RepositoryServer.startIdle(data, InstantSource.system());
        listing = server.feature.listing();
        server.create("acme", "shop");
        server.create("acme", "other");
        shop = server.count("select id from repository where name = 'shop'");
        other = server.count("select id from repository where name = 'other'");
        for (int i = 1; i <= 5; i++) {
            server.pushed("acme/shop", TestDeb.of("web", "1." + i, "amd64"));
            server.pushed("acme/shop", TestDeb.of("lib", "1." + i, "arm64"));
        }
        assertEquals(201, server.push("acme/shop", TestDeb.of("web", "1.1", "amd64"), BULLSEYE, "").statusCode());
        server.pushed("acme/other", TestDeb.of("web", "9", "all"));
        server.feature.startIndexing();
        server.settled();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Wanted wanted(String text) {
        return new Wanted(text, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false);
    }

    private static List<String> names(PackageListing.Page page) {
        return page.packages().stream().map(each -> each.stored().filename()).toList();
    }

    private static long last(PackageListing.Page page) {
        return page.packages().getLast().stored().id();
    }

    @Test
    void readsOnFromAPlaceInBothDirectionsWithoutALossOrARepeat() {
        var all = listing.page(List.of(shop), wanted(""), From.THE_NEWEST, 100);
        var first = listing.page(List.of(shop), wanted(""), From.THE_NEWEST, 4);
        var second = listing.page(List.of(shop), wanted(""), new From(Optional.of(last(first)), false), 4);
        var third = listing.page(List.of(shop), wanted(""), new From(Optional.of(last(second)), false), 4);
        var back = listing.page(List.of(shop), wanted(""),
            new From(Optional.of(third.packages().getFirst().stored().id()), true), 4);

        assertEquals(11, all.packages().size());
        assertEquals("web_1.1_amd64.deb", names(first).getFirst());
        assertTrue(first.more() && second.more());
        assertFalse(third.more());
        assertEquals(names(all), List.of(names(first), names(second), names(third)).stream()
            .flatMap(List::stream).toList());
        assertEquals(names(second), names(back));
    }

    @Test
    void findsPartsOfFileNamesInAnyCaseAndNothingElse() {
        assertEquals(5, listing.page(List.of(shop), wanted("LIB_"), From.THE_NEWEST, 100).packages().size());
        assertEquals(List.of("web_1.5_amd64.deb"),
            names(listing.page(List.of(shop), wanted("EB_1.5_a"), From.THE_NEWEST, 100)));
        assertEquals(List.of(), names(listing.page(List.of(shop), wanted("%"), From.THE_NEWEST, 100)));
    }

    @Test
    void filtersByPlaceAndArchitecture() {
        var arm = new Wanted("", Optional.empty(), Optional.empty(), Optional.empty(), Optional.of("arm64"), false);
        var bullseye = new Wanted("", Optional.empty(), Optional.of("debian"), Optional.of("bullseye"),
            Optional.empty(), false);
        var ubuntu = new Wanted("", Optional.empty(), Optional.of("ubuntu"), Optional.empty(), Optional.empty(), false);

        assertEquals(5, listing.page(List.of(shop), arm, From.THE_NEWEST, 100).packages().size());
        assertEquals(List.of("web_1.1_amd64.deb"), names(listing.page(List.of(shop), bullseye, From.THE_NEWEST, 100)));
        assertEquals(List.of(), names(listing.page(List.of(shop), ubuntu, From.THE_NEWEST, 100)));
    }

    @Test
    void readsSeveralRepositoriesAsOneList() {
        var both = listing.page(List.of(shop, other), wanted("web"), From.THE_NEWEST, 3);

        assertEquals(other, both.packages().getFirst().repositoryId());
        assertEquals(List.of(shop, shop), both.packages().stream().skip(1).map(Listed::repositoryId).toList());
        assertEquals(List.of(), names(listing.page(List.of(), wanted(""), From.THE_NEWEST, 3)));
    }

    @Test
    void countsPackagesAndNamesSuitesWithTheirArchitectures() {
        var figures = listing.figures(shop);

        assertEquals(11, figures.packages());
        assertTrue(figures.lastPush().isPresent());
        assertEquals(0, figures.waiting() + figures.failed());
        var suites = listing.suites(shop);
        assertEquals(List.of("debian/bookworm", "debian/bullseye"),
            suites.stream().map(each -> each.suite().slug()).sorted().toList());
        assertEquals(List.of("amd64", "arm64"), suites.getFirst().architectures());
    }

    @Test
    void itsStampMovesWithEveryChange() {
        String before = listing.stamp(other);
        assertEquals(before, listing.stamp(other));

        server.pushed("acme/other", TestDeb.of("new", "1", "all"));
        server.settled();
        assertNotEquals(before, listing.stamp(other));
        String pushed = listing.stamp(other);
        server.delete("acme/other/debian/bookworm/new_1_all.deb");
        server.settled();
        assertNotEquals(pushed, listing.stamp(other));
    }

    @Test
    void showsOnlyWhatCouldNotBeIndexedWhenAskedTo() {
        var failed = new Wanted("", Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), true);

        assertEquals(List.of(), names(listing.page(List.of(shop), failed, From.THE_NEWEST, 10)));
    }
}
