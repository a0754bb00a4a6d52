package cambium.formats.rpm;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Which of a package's requirements stand in `primary.xml`. As createrepo_c does, we leave out what says nothing to
/// a resolver: features of rpm itself, what the package provides, its own well-known files, repetitions, and of all
/// versions of one libc symbol set those below the highest.
final class ShownRequires {
    private static final String LIBC = "libc.so.6";

    private ShownRequires() {}

    /// A file of a kind that others name in their requirements, so that `primary.xml` lists it.
    static boolean isPrimary(String path) {
        return path.startsWith("/etc/") || path.equals("/usr/lib/sendmail") || path.contains("bin/");
    }

    static List<RpmDependency> of(RpmPackage rpm) {
        Set<String> own = new HashSet<>();
        rpm.files().stream().map(RpmFile::path).filter(ShownRequires::isPrimary).forEach(own::add);
        rpm.relations().get(RpmRelation.PROVIDES).forEach(one -> own.add(key(one)));
        Set<String> seen = new HashSet<>();
        var shown = new ArrayList<RpmDependency>();
        Optional<RpmDependency> libc = Optional.empty();
        for (RpmDependency one : rpm.relations().get(RpmRelation.REQUIRES)) {
            boolean skipped = one.name().startsWith("rpmlib(") || own.contains(one.name()) && one.name().startsWith("/")
                    || own.contains(key(one)) || !DependencyEvr.readable(one.version())
                    || !seen.add(key(one) + one.pre());
            if (!skipped && one.name().startsWith(LIBC)) {
                libc = Optional.of(libc.filter(best -> !higher(one, best)).orElse(one));
            } else if (!skipped) {
                shown.add(one);
            }
        }
        libc.ifPresent(shown::add);
        return shown;
    }

    /// No part can hold a NUL, so no two dependencies share a key.
    private static String key(RpmDependency one) {
        return one.name() + '\0' + one.comparison().orElse("") + '\0' + one.version();
    }

    /// `libc.so.6(GLIBC_2.14)(64bit)` is higher than `libc.so.6(GLIBC_2.3)(64bit)` and than `libc.so.6()(64bit)`.
    private static boolean higher(RpmDependency one, RpmDependency other) {
        return Evr.compareParts(symbols(one.name()), symbols(other.name())) > 0;
    }

    private static String symbols(String name) {
        int open = name.indexOf('(');
        int close = name.indexOf(')', open + 1);
        return open < 0 || close < 0 ? "" : name.substring(open + 1, close);
    }
}
