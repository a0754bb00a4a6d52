package cambium.acceptance.pages;

import cambium.acceptance.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Real packages whose every free text tries to be more than text. Whatever runs sets `window.hurt`.
final class HostilePackages {
    static final String SCRIPT = "\"'></title></textarea></pre><script>window.hurt=1</script>";
    static final String IMAGE = "<img src=x onerror=window.hurt=1>";
    static final String VECTOR =
            "<svg onload=window.hurt=1><animate onbegin=window.hurt=1 attributeName=x dur=1s></svg>";
    static final String ADDRESS = "javascript:window.hurt=1";
    static final String MATHS = "<math href=\"javascript:window.hurt=1\"><mtext></p><style>*{display:none}</style>";
    static final String TEMPLATE = "${7*7} #{7*7} {{7*7}} @{window.hurt=1} hx-on:load=window.hurt=1";
    /// Turned around, hidden, joined: what follows U+202E is shown from right to left.
    static final String TURNED = "safe\u202etxt.exe\u202c zero\u200bwidth \ufefftwin";
    static final List<String> ALL = List.of(SCRIPT, IMAGE, VECTOR, ADDRESS, MATHS, TEMPLATE, TURNED);
    private static final int LONG = 900_000;

    private HostilePackages() {}

    /// `hostile_1_all.deb`: maintainer, homepage, section, own fields, description, conffiles, copyright.
    static Path deb(Path folder) throws IOException {
        Path tree = Files.createDirectories(folder.resolve("hostile-deb"));
        Files.createDirectories(tree.resolve("DEBIAN"));
        var control = new StringBuilder("Package: hostile\nVersion: 1\nArchitecture: all\nMaintainer: " + IMAGE
                + "\nHomepage: " + ADDRESS + "\nSection: " + VECTOR + "\nBugs: " + SCRIPT + "\nOrigin: " + MATHS
                + "\nX-Template: " + TEMPLATE + "\nX-Turned: " + TURNED + "\nDescription: " + SCRIPT + "\n");
        ALL.forEach(payload -> control.append(' ').append(payload).append('\n'));
        Files.writeString(tree.resolve("DEBIAN/control"), control);
        Files.createDirectories(tree.resolve("etc"));
        Files.writeString(tree.resolve("etc/" + "<b>a"), "x\n");
        Files.writeString(tree.resolve("DEBIAN/conffiles"), "/etc/<b>a\n");
        return built(folder, tree, "hostile.deb");
    }

    /// `endless_1_all.deb`: one line of almost a megabyte.
    static Path endless(Path folder) throws IOException {
        Path tree = Files.createDirectories(folder.resolve("endless-deb/DEBIAN")).getParent();
        Files.writeString(tree.resolve("DEBIAN/control"), "Package: endless\nVersion: 1\nArchitecture: all\n"
                + "Maintainer: Acme <acme@example.com>\nDescription: endless\n " + "w".repeat(LONG) + "\n");
        return built(folder, tree, "endless.deb");
    }

    private static Path built(Path folder, Path tree, String name) throws IOException {
        Path deb = folder.resolve(name);
        CommandRun.of("dpkg-deb", "--nocheck", "--root-owner-group", "--build", tree.toString(), deb.toString())
                .successful();
        return deb;
    }

    /// `hostile-1-1.noarch.rpm`: summary, description, license, group, vendor, packager, address, changelog, file name.
    static Path rpm(Path folder) throws IOException {
        Path top = Files.createDirectories(folder.resolve("rpm"));
        Path spec = top.resolve("hostile.spec");
        Files.writeString(spec, "%define _build_id_links none\nName: hostile\nVersion: 1\nRelease: 1\n"
                + "BuildArch: noarch\nSummary: " + SCRIPT + "\nLicense: " + IMAGE + "\nGroup: " + VECTOR
                + "\nVendor: " + MATHS + "\nPackager: " + TURNED + "\nURL: " + ADDRESS + "\n%description\n"
                + String.join("\n", ALL).replace("%", "%%").replace("${", "$ {").replace("#{", "# {") + "\n%install\n"
                + "mkdir -p '%{buildroot}/opt/<img src=x onerror=alert(1)>'\n"
                + "echo x > '%{buildroot}/opt/<img src=x onerror=alert(1)>/file'\n%files\n/opt\n%changelog\n"
                + "* Sat Nov 21 2026 " + IMAGE + "\n- " + SCRIPT + "\n- " + VECTOR + "\n- " + MATHS + "\n- last\n");
        CommandRun.of("rpmbuild", "-bb", "--quiet", "--define", "_topdir " + top, spec.toString()).successful();
        return top.resolve("RPMS/noarch/hostile-1-1.noarch.rpm");
    }
}
