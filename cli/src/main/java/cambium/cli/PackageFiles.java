package cambium.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The files that make one package: most are one file; a source package of Debian is its .dsc and the files that this
/// names, which lie beside it.
///
/// @param shown the file as the operator wrote it
/// @param type as the server lists distributions: `deb`, `dsc`, `rpm` or `anyfile`; empty for what is no package
record PackageFiles(String shown, Path main, String type, List<Path> others) {

    /// @param isAnyFile it is taken as it is, whatever its name says
    /// @throws Stop for a folder and for what cannot be read
    static PackageFiles of(Path file, Path folder, boolean isAnyFile) {
        Path there = folder.resolve(file).normalize();
        if (Files.isDirectory(there)) {
            throw Stop.usage(file + " is a folder", "send all packages below it with: cambium import " + file);
        }
        if (Files.notExists(there) && file.toString().matches(".*[*?\\[].*")) {
            throw Stop.usage("no file is named like " + file, "check the pattern and the folder");
        }
        if (!Files.isRegularFile(there) || !Files.isReadable(there)) {
            throw Stop.usage("cannot read " + file, "check the path and its permissions");
        }
        return new PackageFiles(file.toString(), there, isAnyFile ? "anyfile" : type(there), List.of());
    }

    private static String type(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        String type = name.substring(name.lastIndexOf('.') + 1);
        return List.of("deb", "dsc", "rpm").contains(type) ? type : "";
    }

    boolean isPackage() {
        return !type.isEmpty();
    }

    boolean isSource() {
        return type.equals("dsc");
    }

    /// The same with the files of these names, which lie beside it.
    PackageFiles with(List<String> names) {
        return new PackageFiles(shown, main, type, names.stream()
                .map(name -> main.resolveSibling(Path.of(name).getFileName())).toList());
    }

    /// The first file that is named and cannot be read.
    Optional<Path> missing() {
        return others.stream().filter(file -> !Files.isRegularFile(file) || !Files.isReadable(file)).findFirst();
    }
}
