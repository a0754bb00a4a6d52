package cambium.bench.repository;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The two families that the peers publish, each with its corpus.
public enum PackageFamily {
    DEB("deb", 215) {
        @Override
        byte[] build(int number) {
            return Corpus.deb(number);
        }

        @Override
        Path file(Path folder, int number) {
            return folder.resolve(Corpus.name(number) + "_" + Corpus.version(number) + "-1_amd64.deb");
        }

        @Override
        String detailsPath(int number) {
            return "/package/deb/debian/bookworm/" + Corpus.name(number) + "/amd64/" + Corpus.version(number)
                + "-1.json";
        }

        @Override
        List<Peer> peers(Path folder, Path signingHome, int packages) throws Exception {
            var peers = new ArrayList<Peer>();
            if (Peers.isInstalled("apt-ftparchive")) {
                peers.add(Peers.AptFtparchive.in(folder.resolve("ftparchive"), signingHome, ". gzip"));
                if (packages <= 10_000) {
                    // Minutes of processor time above.
                    peers.add(Peers.AptFtparchive.in(folder.resolve("ftparchive-xz"), signingHome, ". gzip xz"));
                }
            }
            if (Peers.isInstalled("aptly")) {
                peers.add(Peers.Aptly.in(folder.resolve("aptly"), signingHome, true));
            }
            if (Peers.isInstalled("reprepro")) {
                peers.add(Peers.Reprepro.in(Path.of("/dev/shm/cambium-bench-reprepro-" + packages), signingHome));
            }
            return peers;
        }
    },

    RPM("rpm", 240) {
        @Override
        byte[] build(int number) {
            return Corpus.rpm(number);
        }

        @Override
        Path file(Path folder, int number) {
            return folder.resolve(Corpus.name(number) + "-" + Corpus.version(number) + "-1.x86_64.rpm");
        }

        @Override
        String detailsPath(int number) {
            return "/package/rpm/el/9/" + Corpus.name(number) + "/x86_64/" + Corpus.version(number) + "/1.json";
        }

        @Override
        List<Peer> peers(Path folder, Path signingHome, int packages) throws Exception {
            return Peers.isInstalled("createrepo_c") ? List.of(Peers.CreaterepoC.in(folder.resolve("createrepo")))
                : List.of();
        }
    };

    private final String word;
    private final int distroVersionId;

    PackageFamily(String word, int distroVersionId) {
        this.word = word;
        this.distroVersionId = distroVersionId;
    }

    String word() {
        return word;
    }

    /// The suite that is pushed to, as packagecloud numbers it.
    int distroVersionId() {
        return distroVersionId;
    }

    /// Writes the packages `from` (included) to `to` (excluded); what is there already stays.
    Path write(Path folder, int from, int to) throws IOException {
        Files.createDirectories(folder);
        for (int number = from; number < to; number++) {
            if (!Files.exists(file(folder, number))) {
                Files.write(file(folder, number), build(number));
            }
        }
        return folder;
    }

    abstract byte[] build(int number);

    abstract Path file(Path folder, int number);

    /// Of the API, below the repository.
    abstract String detailsPath(int number);

    /// The tools installed here that publish this family, each with a new, empty repository.
    abstract List<Peer> peers(Path folder, Path signingHome, int packages) throws Exception;
}
