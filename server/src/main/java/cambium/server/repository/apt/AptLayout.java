package cambium.server.repository.apt;

import cambium.formats.PackageFamily;
import cambium.formats.apt.ReleaseEntry;
import cambium.formats.apt.ReleaseFields;
import cambium.formats.apt.ReleaseFile;
import cambium.formats.index.IndexForm;
import cambium.server.repository.format.ChannelFacts;
import cambium.server.repository.format.ChannelPath;
import cambium.server.repository.format.IndexLayout;
import cambium.server.repository.format.PublishedFile;
import cambium.server.repository.format.RootFile;
import cambium.server.repository.format.RootSigner;
import cambium.server.repository.format.ViewKey;
import cambium.server.repository.format.ViewShape;
import cambium.server.signing.Signatures;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `dists/<codename>` with its signed `Release`, one component, and one `Packages` for each architecture; always one
/// for amd64, since apt wants to be told of an empty index rather than miss it.
public final class AptLayout implements IndexLayout {
    static final String COMPONENT = "main";
    static final String PACKAGES = "packages";
    private static final ViewKey ALWAYS = new ViewKey(PACKAGES, "amd64");
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final Pattern DISTS = Pattern.compile("dists/([^/]+)/(.+)");
    private static final Pattern POOL = Pattern.compile("pool/([^/]+)/.+");
    private static final Pattern INDEX = Pattern.compile("main/binary-([a-z0-9-]{1,32})/Packages(|\\.gz|\\.xz)");
    private static final Pattern BY_HASH =
        Pattern.compile("main/binary-([a-z0-9-]{1,32})/by-hash/SHA256/([0-9a-f]{64})");

    @Override
    public PackageFamily family() {
        return PackageFamily.APT;
    }

    @Override
    public SortedSet<ViewKey> complete(SortedSet<ViewKey> named) {
        var all = new TreeSet<>(named);
        all.add(ALWAYS);
        return all;
    }

    @Override
    public boolean takesAll(ViewKey view) {
        return true;
    }

    @Override
    public ViewShape shape(String kind) {
        return new ViewShape(List.of(IndexForm.values()));
    }

    @Override
    public List<RootFile> roots(ChannelFacts channel, List<PublishedFile> files, RootSigner signer) {
        var architectures = new TreeSet<String>();
        files.stream().filter(file -> file.view().kind().equals(PACKAGES))
            .forEach(file -> architectures.add(file.view().architecture()));
        List<ReleaseEntry> entries = files.stream()
            .map(file -> new ReleaseEntry(path(file.view(), file.form()), file.lengthBytes(), file.sha256())).toList();
        byte[] release = ReleaseFile.write(new ReleaseFields(channel.origin(), channel.label(), channel.codename(),
            channel.codename(), channel.date(), List.copyOf(architectures), List.of(COMPONENT)), entries);
        Signatures.SignedText signed = signer.text(release);
        return List.of(new RootFile("Release", release), new RootFile("InRelease", signed.clearSigned()),
            new RootFile("Release.gpg", signed.detached()));
    }

    private static String path(ViewKey view, IndexForm form) {
        return COMPONENT + "/binary-" + view.architecture() + "/Packages" + form.suffix();
    }

    @Override
    public Optional<ChannelPath> locate(String path) {
        Matcher pool = POOL.matcher(path);
        if (pool.matches()) {
            return Optional.of(new ChannelPath.Pool(pool.group(1), path));
        }
        Matcher dists = DISTS.matcher(path);
        return dists.matches() ? locate(dists.group(1), dists.group(2)) : Optional.empty();
    }

    private static Optional<ChannelPath> locate(String codename, String file) {
        switch (file) {
            case "InRelease", "Release" -> {
                return Optional.of(new ChannelPath.Root(codename, file, TEXT));
            }
            case "Release.gpg" -> {
                return Optional.of(new ChannelPath.Root(codename, file, "application/pgp-signature"));
            }
            default -> {
                Matcher byHash = BY_HASH.matcher(file);
                if (byHash.matches()) {
                    return Optional.of(new ChannelPath.IndexByHash(codename, new ViewKey(PACKAGES, byHash.group(1)),
                        byHash.group(2)));
                }
                Matcher byName = INDEX.matcher(file);
                return byName.matches() ? Optional.of(new ChannelPath.Index(codename,
                    new ViewKey(PACKAGES, byName.group(1)), form(byName.group(2)))) : Optional.empty();
            }
        }
    }

    private static IndexForm form(String suffix) {
        for (IndexForm form : IndexForm.values()) {
            if (form.suffix().equals(suffix)) {
                return form;
            }
        }
        throw new IllegalStateException("no form has the suffix '" + suffix + "'");
    }
}
