package cambium.formats.rpm;

import cambium.formats.testing.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Has `rpmbuild` make packages of many shapes, binary and source.
final class RpmSpecs {
    private static final String PLAIN = """
            Name: %s
            Version: 1.0
            Release: 1
            Summary: a plain package
            License: MIT
            BuildArch: noarch
            %%define _binary_payload %s
            %%define _source_payload %s
            %%description
            Packed in one way of many.
            %%install
            mkdir -p %%{buildroot}/usr/share/%s/deep/deeper
            seq 1 20000 > %%{buildroot}/usr/share/%s/numbers
            %%files
            /usr/share/%s
            """;
    private static final String RICH = """
            Name: rich
            Version: 1.0~rc1
            Release: 2^git7
            Epoch: 3
            Summary: markup & <b>bold</b> "quoted"
            License: MIT and (GPL or Apache)
            Vendor: V "q" & 'co'
            Packager: P <p@example.org>
            URL: http://example.org/?a=1&b=2
            Group: Some/Group
            Source0: there.txt
            NoSource: 0
            Provides: foo = 1:2-3, bar, /opt/virtual, with(parens) <= 7
            Requires: foo >= 1, /bin/sh, baz < 2-1, (a or b), /etc/rich/config, foo = 1:2-3
            Requires: (x if y else z), /usr/bin/absent, rich(x) > 0:1-1.el9
            Requires(pre): shadow-utils
            Requires(post): tool, foo = 1:2-3
            Requires: tool
            Requires: libc.so.6(GLIBC_2.3)(64bit), libc.so.6(GLIBC_2.14)(64bit), libc.so.6()(64bit)
            BuildRequires: make-believe > 2, (gcc or clang)
            Conflicts: c1 <= 4
            Obsoletes: o1 < 2:3-4
            Suggests: s1
            Recommends: r1 > 3:1
            Supplements: (p1 and p2)
            Enhances: e1 = 5
            %description
            W\u00f6rter und \u96ea \ud83d\udce6.

            Third line.


            Sixth line, ]]> and &amp; too.
            %package tools
            Summary: a part of its own
            BuildArch: noarch
            Requires: rich = 3:%{version}-%{release}
            %description tools
            \tWith a tab.
            %install
            mkdir -p %{buildroot}/etc/rich %{buildroot}/usr/bin %{buildroot}/opt/d %{buildroot}/usr/sbin/bin.d
            echo a > %{buildroot}/etc/rich/config
            echo b > %{buildroot}/usr/bin/x
            ln %{buildroot}/usr/bin/x %{buildroot}/usr/bin/x2
            ln -s x %{buildroot}/usr/bin/xl
            touch '%{buildroot}/opt/a & <b> \u00f6'
            touch '%{buildroot}/usr/sbin/bin.d/one'
            %post
            echo hi
            %preun -p /bin/bash
            echo bye
            %triggerin -- other > 2
            echo trigger
            %files
            %dir /etc/rich
            %config(noreplace) /etc/rich/config
            %doc /usr/bin/x
            /usr/bin/x2
            /usr/bin/xl
            "/opt/a & <b> \u00f6"
            %dir %ghost /opt/d
            %ghost /opt/gone
            %files tools
            /usr/sbin/bin.d
            %changelog
            * Mon Jan 05 2026 Ann <a@example.org> - 1.0-13
            - thirteenth & <x>
              on two lines

            - with a gap
            * Mon Jan 05 2026 Bob <b@example.org> - 1.0-12
            - twelfth
            * Mon Jan 05 2026 Bob <b@example.org> - 1.0-11
            - eleventh
            """ + "* Sun Jan 04 2026 J\u00f6rg <j@example.org>\n- older\n".repeat(10);
    private static final String EMPTY = """
            Name: empty
            Version: 2026.01.02
            Release: 0.1.el9_3
            Summary: nothing inside
            License: MIT
            %description
            %files
            """;

    private RpmSpecs() {}

    /// Builds them all below a folder and gives the package files, sorted.
    static List<Path> build(Path folder) {
        try {
            Files.writeString(folder.resolve("there.txt"), "there\n");
            Files.writeString(folder.resolve("rich.spec"), RICH);
            Files.writeString(folder.resolve("empty.spec"), EMPTY);
            for (String payload : List.of("w9.gzdio", "w9.bzdio", "w7.xzdio", "w2T2.xzdio", "w6.lzdio", "w3.zstdio",
                    "w.ufdio")) {
                String name = "plain-" + payload.replace('.', '-');
                Files.writeString(folder.resolve(name + ".spec"),
                        PLAIN.formatted(name, payload, payload, name, name, name));
            }
            Shell.run(folder, """
                    export LC_ALL=C.UTF-8
                    mkdir out
                    rpmbuild -ba --quiet --define "_topdir $PWD/top" --define "_sourcedir $PWD" \\
                        --define "_rpmdir $PWD/out" --define "_srcrpmdir $PWD/out" --nodeps *.spec
                    """);
            try (Stream<Path> walk = Files.walk(folder.resolve("out"))) {
                return walk.filter(path -> path.toString().endsWith(".rpm")).sorted().toList();
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
