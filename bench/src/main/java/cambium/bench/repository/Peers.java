package cambium.bench.repository;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// The tools that people publish packages with today, called as an owner of a repository calls them after an upload.
/// They run from Debian's packages; a tool that is not installed is left out, and the table says so.
final class Peers {
    private static final String KEY = "bench@example.org";

    private Peers() {}

    /// A home for GnuPG with one RSA-3072 key without a passphrase.
    static Path signingHome(Path folder) throws IOException, InterruptedException {
        var home = Files.createDirectories(folder.resolve("gnupg"));
        Files.setPosixFilePermissions(home, java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
        new TimedShell(folder, Map.of("GNUPGHOME", home.toString())).run(
            "gpg --batch --quiet --passphrase '' --quick-generate-key " + KEY + " rsa3072 sign never");
        return home;
    }

    static boolean isInstalled(String program) {
        return List.of("/usr/bin/", "/usr/local/bin/", "/usr/sbin/").stream()
            .anyMatch(folder -> Files.isExecutable(Path.of(folder + program)));
    }

    /// `apt-ftparchive` with its cache, and GnuPG.
    record AptFtparchive(TimedShell shell, Path folder, String compression) implements Peer {
        static AptFtparchive in(Path folder, Path home, String compression) throws IOException {
            Files.createDirectories(folder.resolve("dists/stable/main/binary-amd64"));
            Files.createDirectories(folder.resolve("pool"));
            Files.writeString(folder.resolve("archive.conf"), """
                Dir { ArchiveDir "."; CacheDir "."; };
                Default { Packages::Compress "%s"; };
                bindirectory "pool" { Packages "dists/stable/main/binary-amd64/Packages"; BinCacheDB "cache.db";
                    Contents ""; };
                """.formatted(compression));
            return new AptFtparchive(new TimedShell(folder, Map.of("GNUPGHOME", home.toString())), folder,
                compression);
        }

        @Override
        public String name() {
            return "apt-ftparchive: " + compression.replace(".", "raw").replace("gzip", "gz").replace(" ", ", ");
        }

        @Override
        public Cost publishAll(Path packages) throws Exception {
            new TimedShell(folder, Map.of()).run("cp -al '" + packages + "'/. pool/");
            return publish();
        }

        @Override
        public Cost publishOneMore(Path file) throws Exception {
            Files.copy(file, folder.resolve("pool").resolve(file.getFileName()));
            return publish();
        }

        private Cost publish() throws Exception {
            return shell.run("""
                apt-ftparchive generate archive.conf
                rm -f dists/stable/InRelease dists/stable/Release dists/stable/Release.gpg
                apt-ftparchive -o APT::FTPArchive::Release::Codename=stable release dists/stable >Release.new
                mv Release.new dists/stable/Release
                gpg --batch --yes -u %1$s --clearsign -o dists/stable/InRelease dists/stable/Release
                gpg --batch --yes -u %1$s --detach-sign -a -o dists/stable/Release.gpg dists/stable/Release"""
                .formatted(KEY));
        }
    }

    /// aptly; lean means without bz2 and Contents.
    record Aptly(TimedShell shell, boolean lean) implements Peer {
        static Aptly in(Path folder, Path home, boolean lean) throws IOException, InterruptedException {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("aptly.conf"),
                "{\"rootDir\": \"" + folder + "/root\", \"architectures\": [\"amd64\"]}\n");
            var shell = new TimedShell(folder, Map.of("GNUPGHOME", home.toString()));
            shell.run("aptly -config=aptly.conf repo create -distribution=stable -component=main main");
            return new Aptly(shell, lean);
        }

        @Override
        public String name() {
            return lean ? "aptly: raw, gz" : "aptly: raw, gz, bz2, Contents";
        }

        @Override
        public Cost publishAll(Path packages) throws Exception {
            return shell.run("aptly -config=aptly.conf repo add main '" + packages + "'\n"
                + "aptly -config=aptly.conf publish repo -batch -gpg-key=" + KEY + options(" -skip-contents")
                + " main");
        }

        @Override
        public Cost publishOneMore(Path file) throws Exception {
            return shell.run("aptly -config=aptly.conf repo add main '" + file + "'\n"
                + "aptly -config=aptly.conf publish update -batch -gpg-key=" + KEY + options("") + " stable");
        }

        private String options(String more) {
            return lean ? " -skip-bz2" + more : "";
        }
    }

    /// reprepro with its whole base in memory, which spares it the disk.
    record Reprepro(TimedShell shell, Path folder) implements Peer {
        static Reprepro in(Path folder, Path home) throws IOException {
            Files.createDirectories(folder.resolve("conf"));
            Files.writeString(folder.resolve("conf/distributions"),
                "Codename: stable\nArchitectures: amd64\nComponents: main\nSignWith: " + KEY + "\n");
            return new Reprepro(new TimedShell(folder, Map.of("GNUPGHOME", home.toString())), folder);
        }

        @Override
        public String name() {
            return "reprepro: raw, gz (in memory)";
        }

        @Override
        public Cost publishAll(Path packages) throws Exception {
            return shell.run("ulimit -s 65536\nbase=$PWD\ncd '" + packages
                + "'\nreprepro --silent -b \"$base\" includedeb stable *.deb");
        }

        @Override
        public Cost publishOneMore(Path file) throws Exception {
            return shell.run("reprepro --silent -b . includedeb stable '" + file + "'");
        }
    }

    /// createrepo_c without its SQLite files, given a sorted list of names. It does not sign.
    record CreaterepoC(TimedShell shell, Path folder) implements Peer {
        static CreaterepoC in(Path folder) throws IOException {
            Files.createDirectories(folder.resolve("packages"));
            return new CreaterepoC(new TimedShell(folder, Map.of()), folder);
        }

        @Override
        public String name() {
            return "createrepo_c: gz (unsigned)";
        }

        @Override
        public Cost publishAll(Path packages) throws Exception {
            new TimedShell(folder, Map.of()).run("cp -al '" + packages + "'/. packages/");
            return publish("");
        }

        @Override
        public Cost publishOneMore(Path file) throws Exception {
            Files.copy(file, folder.resolve("packages").resolve(file.getFileName()));
            return publish(" --update");
        }

        private Cost publish(String mode) throws Exception {
            return shell.run("(cd packages && LC_ALL=C ls | grep '\\.rpm$') >list\n"
                + "createrepo_c -q --no-database" + mode + " --pkglist list packages");
        }
    }
}
