package cambium.server.repository.apt;

import cambium.formats.index.IndexForm;
import cambium.server.repository.format.ChannelPath;
import cambium.server.repository.format.ViewKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The addresses of apt's indexes and the views that they show. Two kinds of views may stand behind one address, of
/// which a repository keeps up one at a time; an older one is still found by its digests.
final class AptPaths {
    static final String COMPONENT = "main";
    static final String PACKAGES = "packages";
    /// `Packages` without the long part of descriptions.
    static final String BRIEF = "packages-brief";
    static final String TRANSLATION = "translation";
    static final String CONTENTS = "contents";
    static final ViewKey SOURCES = new ViewKey("sources", "source");
    static final ViewKey ENGLISH = new ViewKey(TRANSLATION, "en");

    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String ARCHITECTURE = "([a-z0-9-]{1,32})";
    private static final Pattern DISTS = Pattern.compile("dists/([^/]+)/(.+)");
    private static final Pattern POOL = Pattern.compile("pool/([^/]+)/.+");
    private static final Pattern PACKAGES_FILE = Pattern.compile("main/binary-" + ARCHITECTURE + "/Packages(.*)");
    private static final Pattern SOURCES_FILE = Pattern.compile("main/source/Sources(.*)");
    private static final Pattern TRANSLATION_FILE = Pattern.compile("main/i18n/Translation-(en)(.*)");
    private static final Pattern CONTENTS_FILE = Pattern.compile("main/Contents-" + ARCHITECTURE + "(.*)");
    private static final Pattern BY_HASH = Pattern.compile("main/(.*/|)by-hash/SHA256/([0-9a-f]{64})");
    private static final Pattern PATCHES =
        Pattern.compile("\\.diff/(Index|by-hash/SHA256/[0-9a-f]{64}|[0-9]{1,18}\\.gz)");
    private static final Pattern BINARY_FOLDER = Pattern.compile("binary-" + ARCHITECTURE + "/");

    private AptPaths() {}

    /// The path of a view below `dists/<codename>`, without the ending of its form.
    static String of(ViewKey view) {
        return COMPONENT + switch (view.kind()) {
            case PACKAGES, BRIEF -> "/binary-" + view.architecture() + "/Packages";
            case "sources" -> "/source/Sources";
            case TRANSLATION -> "/i18n/Translation-" + view.architecture();
            case CONTENTS -> "/Contents-" + view.architecture();
            default -> throw new IllegalStateException("apt has no index of the kind " + view.kind());
        };
    }

    static Optional<ChannelPath> locate(String path) {
        Matcher pool = POOL.matcher(path);
        if (pool.matches()) {
            return Optional.of(new ChannelPath.Pool(pool.group(1), path));
        }
        Matcher dists = DISTS.matcher(path);
        return dists.matches() ? locate(dists.group(1), dists.group(2)) : Optional.empty();
    }

    private static Optional<ChannelPath> locate(String codename, String file) {
        return switch (file) {
            case "InRelease", "Release" -> Optional.of(new ChannelPath.Root(codename, file, TEXT));
            case "Release.gpg" -> Optional.of(new ChannelPath.Root(codename, file, "application/pgp-signature"));
            default -> {
                Matcher byHash = BY_HASH.matcher(file);
                yield byHash.matches() && !byHash.group(1).endsWith(".diff/")
                    ? inFolder(byHash.group(1)).map(views ->
                        new ChannelPath.IndexByHash(codename, views, byHash.group(2)))
                    : named(codename, file);
            }
        };
    }

    private static Optional<ChannelPath> named(String codename, String file) {
        Matcher packages = PACKAGES_FILE.matcher(file);
        if (packages.matches()) {
            return ending(codename, binary(packages.group(1)), packages.group(2));
        }
        Matcher sources = SOURCES_FILE.matcher(file);
        if (sources.matches()) {
            return ending(codename, List.of(SOURCES), sources.group(1));
        }
        Matcher translation = TRANSLATION_FILE.matcher(file);
        if (translation.matches()) {
            return ending(codename, List.of(ENGLISH), translation.group(2));
        }
        Matcher contents = CONTENTS_FILE.matcher(file);
        return contents.matches()
            ? ending(codename, List.of(new ViewKey(CONTENTS, contents.group(1))), contents.group(2)) : Optional.empty();
    }

    /// The views that a folder of digests may belong to; those of `Contents` stand in the component's own folder.
    private static Optional<List<ViewKey>> inFolder(String folder) {
        Matcher binary = BINARY_FOLDER.matcher(folder);
        if (binary.matches()) {
            return Optional.of(binary(binary.group(1)));
        }
        return switch (folder) {
            case "source/" -> Optional.of(List.of(SOURCES));
            case "i18n/" -> Optional.of(List.of(ENGLISH));
            case "" -> Optional.of(List.of(new ViewKey(CONTENTS, ViewKey.ALL)));
            default -> Optional.empty();
        };
    }

    private static List<ViewKey> binary(String architecture) {
        var views = new ArrayList<ViewKey>();
        views.add(new ViewKey(PACKAGES, architecture));
        views.add(new ViewKey(BRIEF, architecture));
        return views;
    }

    private static Optional<ChannelPath> ending(String codename, List<ViewKey> views, String ending) {
        for (IndexForm form : IndexForm.values()) {
            if (form.suffix().equals(ending)) {
                return Optional.of(new ChannelPath.Index(codename, views, form));
            }
        }
        Matcher patches = PATCHES.matcher(ending);
        return patches.matches()
            ? Optional.of(new ChannelPath.Patches(codename, views, patches.group(1).replace("by-hash/SHA256/", "")))
            : Optional.empty();
    }
}
