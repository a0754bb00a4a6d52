package cambium.server.repository.rpm;

import cambium.formats.PackageFamily;
import cambium.formats.index.Wrapping;
import cambium.formats.rpm.Repomd;
import cambium.formats.rpm.RepomdFile;
import cambium.formats.rpm.RpmIndex;
import cambium.server.repository.format.ChannelFacts;
import cambium.server.repository.format.ChannelOptions;
import cambium.server.repository.format.ChannelPath;
import cambium.server.repository.format.IndexLayout;
import cambium.server.repository.format.PublishedFile;
import cambium.server.repository.format.RootFile;
import cambium.server.repository.format.RootSigner;
import cambium.server.repository.format.ViewKey;
import cambium.server.repository.format.ViewShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `<version>/<folder>/repodata` with a signed `repomd.xml` and its three indexes under the names of their digests.
/// There are always a folder for x86_64 and one for source packages, since the files that set up a client name both.
public final class RpmLayout implements IndexLayout {
    private static final String REPOMD = "repomd.xml";
    private static final String SIGNATURE = ".asc";
    private static final String KEY = ".key";
    private static final Pattern REPODATA = Pattern.compile("([^/]+)/([^/]+)/repodata/([^/]+)");
    private static final Pattern INDEX = Pattern.compile("([0-9a-f]{64})-([a-z]+)\\.xml\\.gz");
    private static final Pattern FILE = Pattern.compile("([^/]+)/([^/]+)/([^/]+)");

    @Override
    public PackageFamily family() {
        return PackageFamily.RPM;
    }

    @Override
    public SortedSet<ViewKey> complete(SortedSet<ViewKey> named, ChannelOptions options) {
        var folders = new TreeSet<>(List.of(RpmFolder.ALWAYS, RpmFolder.SOURCES));
        named.forEach(view -> folders.add(view.architecture()));
        var all = new TreeSet<ViewKey>();
        for (String folder : folders) {
            for (RpmIndex index : RpmIndex.values()) {
                all.add(new ViewKey(index.type(), folder));
            }
        }
        return all;
    }

    @Override
    public boolean takesAll(ViewKey view) {
        return !RpmFolder.isForSources(view.architecture());
    }

    @Override
    public ViewShape shape(String kind) {
        RpmIndex index = index(kind)
            .orElseThrow(() -> new IllegalStateException("repodata knows no index of the kind " + kind));
        return ViewShape.wrapped(entries -> new Wrapping(index.head(entries), index.tail()));
    }

    private static Optional<RpmIndex> index(String kind) {
        return Arrays.stream(RpmIndex.values()).filter(index -> index.type().equals(kind)).findFirst();
    }

    /// Only folders with something new are signed; the others keep what they have.
    @Override
    public List<RootFile> roots(ChannelFacts channel, List<PublishedFile> files, RootSigner signer) {
        var folders = new TreeMap<String, List<PublishedFile>>();
        files.forEach(file -> folders.computeIfAbsent(file.view().architecture(), _ -> new ArrayList<>()).add(file));
        var roots = new ArrayList<RootFile>();
        folders.forEach((folder, its) -> {
            if (its.stream().anyMatch(PublishedFile::isNew)) {
                String path = root(folder);
                byte[] repomd = repomd(channel, its);
                roots.add(new RootFile(path, repomd));
                roots.add(new RootFile(path + SIGNATURE, signer.detached(repomd)));
                roots.add(new RootFile(path + KEY, signer.publicKeys()));
            }
        });
        return roots;
    }

    private static String root(String folder) {
        return folder + "/" + REPOMD;
    }

    private static byte[] repomd(ChannelFacts channel, List<PublishedFile> files) {
        long seconds = channel.date().getEpochSecond();
        var listed = new ArrayList<RepomdFile>();
        for (RpmIndex index : RpmIndex.values()) {
            files.stream().filter(file -> file.view().kind().equals(index.type()))
                .forEach(file -> listed.add(new RepomdFile(index,
                    "repodata/" + file.sha256() + "-" + index.type() + ".xml" + file.form().suffix(), file.sha256(),
                    file.lengthBytes(), Optional.empty(), seconds)));
        }
        return Repomd.write(seconds, listed);
    }

    @Override
    public Optional<ChannelPath> locate(String path) {
        Matcher repodata = REPODATA.matcher(path);
        if (repodata.matches()) {
            return inRepodata(repodata.group(1), repodata.group(2), repodata.group(3));
        }
        Matcher file = FILE.matcher(path);
        return file.matches() ? RpmFolder.keeping(file.group(2), file.group(3)).map(folder ->
            new ChannelPath.Pool(file.group(1), String.join("/", file.group(1), folder, file.group(3))))
            : Optional.empty();
    }

    private static Optional<ChannelPath> inRepodata(String version, String folder, String file) {
        return switch (file) {
            case REPOMD -> Optional.of(new ChannelPath.Root(version, root(folder), "application/xml"));
            case REPOMD + SIGNATURE ->
                Optional.of(new ChannelPath.Root(version, root(folder) + SIGNATURE, "application/pgp-signature"));
            case REPOMD + KEY ->
                Optional.of(new ChannelPath.Root(version, root(folder) + KEY, "application/pgp-keys"));
            default -> {
                Matcher named = INDEX.matcher(file);
                yield named.matches() && index(named.group(2)).isPresent() && ViewKey.isArchitecture(folder)
                    ? Optional.of(new ChannelPath.IndexByHash(version, new ViewKey(named.group(2), folder),
                        named.group(1))) : Optional.empty();
            }
        };
    }
}
