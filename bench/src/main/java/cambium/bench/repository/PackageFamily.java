package cambium.bench.repository;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The two families that the peers publish.
enum PackageFamily {
    DEB("deb", 215) {
        @Override
        Path write(Path folder, int from, int to) throws IOException {
            return Corpus.write(folder, from, to);
        }

        @Override
        Path file(Path folder, int number) {
            return Corpus.file(folder, number);
        }

        @Override
        String detailsPath(int number) {
            return "/package/deb/debian/bookworm/" + Corpus.name(number) + "/amd64/1." + number % 7 + "-1.json";
        }

        @Override
        String poolPath(int number) {
            return "/bench/deb/debian/pool/bookworm/main/b/" + Corpus.name(number) + "/"
                + Corpus.file(Path.of(""), number);
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

    abstract Path write(Path folder, int from, int to) throws IOException;

    abstract Path file(Path folder, int number);

    abstract String detailsPath(int number);

    abstract String poolPath(int number);

    /// The tools installed here that publish this family, each with a new, empty repository.
    abstract List<Peer> peers(Path folder, Path signingHome, int packages) throws Exception;
}
