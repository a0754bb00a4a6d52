package cambium.server.repository.apt;

import cambium.formats.PackageFamily;
import cambium.formats.apt.PackagesStanza;
import cambium.formats.apt.ReleaseEntry;
import cambium.formats.apt.ReleaseFields;
import cambium.formats.apt.ReleaseFile;
import cambium.formats.apt.TranslationStanza;
import cambium.formats.index.IndexForm;
import cambium.server.repository.format.ChannelFacts;
import cambium.server.repository.format.ChannelOptions;
import cambium.server.repository.format.ChannelPath;
import cambium.server.repository.format.IndexEntry;
import cambium.server.repository.format.IndexLayout;
import cambium.server.repository.format.PublishedFile;
import cambium.server.repository.format.RootFile;
import cambium.server.repository.format.RootSigner;
import cambium.server.repository.format.ViewKey;
import cambium.server.repository.format.ViewShape;
import cambium.server.signing.Signatures;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// `dists/<codename>` with its signed `Release`, one component, one `Packages` for each architecture and one `Sources`.
/// There is always one for amd64 and one of sources: apt wants to be told of an empty index rather than miss it.
///
/// With translations, descriptions are cut to their first line and stand whole in `Translation-en`. Both are made of
/// the same entries, so they can be switched on and off.
public final class AptLayout implements IndexLayout {
    private static final String ALWAYS = "amd64";

    @Override
    public PackageFamily family() {
        return PackageFamily.APT;
    }

    @Override
    public SortedSet<ViewKey> complete(SortedSet<ViewKey> named, ChannelOptions options) {
        var architectures = new TreeSet<String>();
        architectures.add(ALWAYS);
        named.stream().filter(view -> !view.kind().equals(AptPaths.TRANSLATION) && !view.equals(AptPaths.SOURCES))
            .forEach(view -> architectures.add(view.architecture()));
        var all = new TreeSet<ViewKey>();
        all.add(AptPaths.SOURCES);
        if (options.translations()) {
            all.add(AptPaths.ENGLISH);
        }
        for (String architecture : architectures) {
            all.add(new ViewKey(options.translations() ? AptPaths.BRIEF : AptPaths.PACKAGES, architecture));
            if (options.contents()) {
                all.add(new ViewKey(AptPaths.CONTENTS, architecture));
            }
        }
        return all;
    }

    @Override
    public Optional<byte[]> contribution(ViewKey view, IndexEntry entry) {
        ViewKey of = entry.view();
        if (!of.kind().equals(entryKind(view.kind()))) {
            return Optional.empty();
        }
        if (view.equals(AptPaths.ENGLISH)) {
            return TranslationStanza.of(entry.bytes());
        }
        if (!of.architecture().equals(view.architecture()) && !of.isForAll()) {
            return Optional.empty();
        }
        return Optional.of(view.kind().equals(AptPaths.BRIEF) ? PackagesStanza.brief(entry.bytes()) : entry.bytes());
    }

    @Override
    public String entryKind(String viewKind) {
        return switch (viewKind) {
            case AptPaths.BRIEF, AptPaths.TRANSLATION -> AptPaths.PACKAGES;
            default -> viewKind;
        };
    }

    @Override
    public boolean takesAll(ViewKey view) {
        return !view.equals(AptPaths.SOURCES);
    }

    @Override
    public boolean takesEvery(ViewKey view) {
        return view.equals(AptPaths.ENGLISH);
    }

    @Override
    public List<String> unusedEntryKinds(ChannelOptions options) {
        return options.contents() ? List.of() : List.of(AptPaths.CONTENTS);
    }

    /// The lines of a package with very many files are cut, so that no chunk of an index grows too large.
    @Override
    public int maxPieces(String entryKind) {
        return entryKind.equals(AptPaths.CONTENTS) ? Integer.MAX_VALUE : 1;
    }

    @Override
    public boolean expires() {
        return true;
    }

    /// Patches of `Contents` would help few clients, and apt is not told to fetch it.
    @Override
    public ViewShape shape(String kind) {
        return new ViewShape(List.of(IndexForm.values()), !kind.equals(AptPaths.CONTENTS));
    }

    @Override
    public List<RootFile> roots(ChannelFacts channel, List<PublishedFile> files, RootSigner signer) {
        var architectures = new TreeSet<String>();
        var entries = new ArrayList<ReleaseEntry>();
        for (PublishedFile file : files) {
            if (AptPaths.of(file.view()).endsWith("/Packages")) {
                architectures.add(file.view().architecture());
            }
            entries.add(new ReleaseEntry(AptPaths.of(file.view()) + file.form().suffix(), file.lengthBytes(),
                file.sha256()));
        }
        channel.patches().forEach(patches -> entries.add(new ReleaseEntry(AptPaths.of(patches.view()) + ".diff/Index",
            patches.lengthBytes(), patches.sha256())));
        byte[] release = ReleaseFile.write(new ReleaseFields(channel.origin(), channel.label(), channel.codename(),
            channel.codename(), channel.date(), channel.options().validFor().map(channel.date()::plus),
            List.copyOf(architectures), List.of(AptPaths.COMPONENT)), entries);
        Signatures.SignedText signed = signer.text(release);
        return List.of(new RootFile("Release", release), new RootFile("InRelease", signed.clearSigned()),
            new RootFile("Release.gpg", signed.detached()));
    }

    @Override
    public Optional<ChannelPath> locate(String path) {
        return AptPaths.locate(path);
    }
}
