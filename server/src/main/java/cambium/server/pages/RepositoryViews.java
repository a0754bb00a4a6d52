package cambium.server.pages;

import cambium.server.pages.RepositoryPages.Choice;
import cambium.server.pages.RepositoryPages.Filter;
import cambium.server.pages.RepositoryPages.Head;
import cambium.server.pages.RepositoryPages.Install;
import cambium.server.pages.RepositoryPages.InstallPage;
import cambium.server.pages.RepositoryPages.Option;
import cambium.server.pages.RepositoryPages.PackageTable;
import cambium.server.pages.RepositoryPages.RepositoryRow;
import cambium.server.pages.RepositoryPages.Tab;
import cambium.server.pages.RepositoryReads.PackageFilter;
import cambium.server.pages.RepositoryReads.PackageList;
import cambium.server.pages.RepositoryReads.RepositoryLine;
import cambium.server.pages.RepositoryReads.SuiteLine;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// Makes the view models about repositories and lists of packages from what the reads answer.
final class RepositoryViews {
    static final int PER_PAGE = 50;

    private RepositoryViews() {}

    static RepositoryPages.RepositoryList list(RepositoryReads.RepositoryList found, String search, int page,
            boolean create, Shell shell, Instant now) {
        return new RepositoryPages.RepositoryList(shell, search,
                found.repositories().stream().map(line -> row(line, now)).toList(), create,
                page > 1 ? Optional.of(pageAddress(search, page - 1)) : Optional.empty(),
                found.more() ? Optional.of(pageAddress(search, page + 1)) : Optional.empty());
    }

    private static String pageAddress(String search, int page) {
        return "/repositories?page=" + page + (search.isEmpty() ? "" : "&q=" + encoded(search));
    }

    private static RepositoryRow row(RepositoryLine line, Instant now) {
        return new RepositoryRow(line.fullName(), line.path(), line.isPrivate(),
                Words.number(line.packages()),
                line.lastPush().map(at -> Parts.Moment.of(at, now)), waiting(line), failed(line));
    }

    private static String waiting(RepositoryLine line) {
        return line.waiting() == 0 ? "" : Words.number(line.waiting()) + " being indexed";
    }

    private static String failed(RepositoryLine line) {
        return line.failed() == 0 ? "" : Words.number(line.failed()) + " not indexed";
    }

    /// `tabs` are those that this reader may open; `current` is the label of the open one.
    static Head head(RepositoryLine line, List<Tab> tabs, Instant now) {
        return new Head(line.owner(), line.name(), line.path(), line.isPrivate(),
                Words.numbered(line.packages(), "package"), line.lastPush().map(at -> Parts.Moment.of(at, now)),
                waiting(line), failed(line), tabs);
    }

    static Filter filter(String action, PackageFilter filter, List<SuiteLine> suites) {
        var types = new LinkedHashSet<String>();
        var places = new LinkedHashSet<String>();
        var architectures = new TreeSet<String>();
        for (SuiteLine suite : suites) {
            types.addAll(typesOf(suite.family()));
            places.add(suite.slug());
            architectures.addAll(suite.architectures());
            architectures.addAll(everywhere(suite.family()));
        }
        var choices = new ArrayList<Choice>();
        if (types.size() > 1 || !filter.type().isEmpty()) {
            choices.add(choice("type", "Type", "All types", filter.type(), types));
        }
        if (places.size() > 1 || !filter.suite().isEmpty()) {
            choices.add(choice("dist", "Distribution", "All distributions", filter.suite(), places));
        }
        if (architectures.size() > 1 || !filter.architecture().isEmpty()) {
            choices.add(choice("arch", "Architecture", "All architectures", filter.architecture(), architectures));
        }
        if (!filter.state().isEmpty()) {
            choices.add(choice("state", "State", "Any state", filter.state(), List.of("failed")));
        }
        return new Filter(action, filter.text(), choices, !filter.isNone());
    }

    /// Over all repositories.
    static Filter searchFilter(PackageFilter filter) {
        return new Filter("/search", filter.text(), List.of(
                choice("type", "Type", "All types", filter.type(), List.of("deb", "dsc", "rpm", "anyfile"))),
                !filter.isNone());
    }

    static Choice suiteChoice(String chosen, List<String> suites) {
        return choice("dist", "Distribution", "All distributions", chosen, suites);
    }

    /// What packages say that suit every architecture.
    private static List<String> everywhere(String family) {
        return switch (family) {
            case "apt" -> List.of("all");
            case "rpm" -> List.of("noarch", "src");
            default -> List.of();
        };
    }

    private static List<String> typesOf(String family) {
        return switch (family) {
            case "apt" -> List.of("deb", "dsc");
            case "rpm" -> List.of("rpm");
            default -> List.of(family);
        };
    }

    private static Choice choice(
            String name, String label, String all, String chosen, java.util.Collection<String> values) {
        var options = new ArrayList<Option>();
        options.add(new Option("", all, chosen.isEmpty()));
        var offered = new LinkedHashSet<>(values);
        if (!chosen.isEmpty()) {
            offered.add(chosen);
        }
        offered.forEach(value -> options.add(new Option(value, word(name, value), value.equals(chosen))));
        return new Choice(name, label, options);
    }

    private static String word(String name, String value) {
        return name.equals("state") && value.equals("failed") ? "not indexed" : value;
    }

    static PackageTable table(
            String action, PackageFilter filter, PackageList found, boolean many, Optional<String> total, Instant now) {
        var rows = found.packages().stream().map(line -> PackageViews.row(line, now)).toList();
        String base = action + "?" + query(filter);
        Optional<String> newer = found.newer() && !found.packages().isEmpty()
                ? Optional.of(base + "after=" + found.packages().getFirst().number()) : Optional.empty();
        Optional<String> older = found.older() && !found.packages().isEmpty()
                ? Optional.of(base + "before=" + found.packages().getLast().number()) : Optional.empty();
        return new PackageTable(rows, many, said(filter, found, total), none(filter, found),
                found.newer() ? Optional.of(filter.isNone() ? action : base.substring(0, base.length() - 1))
                        : Optional.empty(), newer, older);
    }

    private static String said(PackageFilter filter, PackageList found, Optional<String> total) {
        int shown = found.packages().size();
        if (filter.isNone() && total.isPresent()) {
            return total.get();
        }
        boolean more = found.newer() || found.older();
        return (shown == 0 ? "nothing" : Words.count(shown, "package") + (more ? " here, there are more" : ""))
                + (filter.isNone() ? "" : " found");
    }

    private static String none(PackageFilter filter, PackageList found) {
        if (!found.packages().isEmpty()) {
            return "";
        }
        return filter.isNone() ? "No package has been pushed yet." : "No package is like that.";
    }

    /// The filter as a query, with `&` after each part.
    private static String query(PackageFilter filter) {
        return part("q", filter.text()) + part("type", filter.type()) + part("dist", filter.suite())
                + part("arch", filter.architecture()) + part("state", filter.state());
    }

    private static String part(String name, String value) {
        return value.isEmpty() ? "" : name + "=" + encoded(value) + "&";
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    static InstallPage install(
            RepositoryLine line, Head head, List<SuiteLine> suites, String baseUrl, Shell shell) {
        var lines = new InstallLines(baseUrl, line.owner(), line.name(), line.isPrivate());
        var installs = suites.stream()
                .map(suite -> new Install(suite.slug().replaceAll("[^A-Za-z0-9]+", "-"),
                        suite.slug(), suite.family(), lines.of(suite), lines.ofRings(suite)))
                .filter(install -> !install.snippets().isEmpty())
                .toList();
        return new InstallPage(shell, head, lines.scripts(suites), installs);
    }
}
