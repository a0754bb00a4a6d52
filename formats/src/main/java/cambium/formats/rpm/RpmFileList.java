package cambium.formats.rpm;

import java.util.ArrayList;
import java.util.List;

/// The files of a package out of its header, where folders stand once and each file names its folder by number.
///
/// Bounds: 262,144 files, whose paths have 32 Mi characters together.
final class RpmFileList {
    private static final int MAX_FILES = 1 << 18;
    private static final int MAX_PATH_CHARACTERS = 32 << 20;
    private static final int GHOST = 1 << 6;
    private static final int FORMAT_MASK = 0170000;
    private static final int FOLDER = 0040000;

    private final RpmHeader header;
    private final boolean source;

    private RpmFileList(RpmHeader header, boolean source) {
        this.header = header;
        this.source = source;
    }

    static List<RpmFile> of(RpmHeader header, boolean source) throws MalformedRpm {
        int count = Math.max(header.count(RpmTag.BASE_NAMES), header.count(RpmTag.OLD_FILE_NAMES));
        if (count > MAX_FILES) {
            throw MalformedRpm.structure("the package has more than " + MAX_FILES + " files");
        }
        return new RpmFileList(header, source).files(count);
    }

    private List<RpmFile> files(int count) throws MalformedRpm {
        boolean old = !header.has(RpmTag.BASE_NAMES) && header.has(RpmTag.OLD_FILE_NAMES);
        List<String> bases = header.texts(old ? RpmTag.OLD_FILE_NAMES : RpmTag.BASE_NAMES);
        List<String> folders = folders();
        long[] folderNumbers = header.numbers(RpmTag.DIR_INDEXES);
        long[] modes = perFile(RpmTag.FILE_MODES, count);
        long[] flags = perFile(RpmTag.FILE_FLAGS, count);
        long[] sizes = perFile(header.has(RpmTag.FILE_SIZES) ? RpmTag.FILE_SIZES : RpmTag.LONG_FILE_SIZES, count);
        if (folderNumbers.length != (old ? 0 : count)) {
            throw MalformedRpm.structure("names and folders of the files differ in number");
        }
        var files = new ArrayList<RpmFile>(count);
        long characters = 0;
        for (int i = 0; i < count; i++) {
            int cut = old ? bases.get(i).lastIndexOf('/') + 1 : 0;
            String folder = old ? bases.get(i).substring(0, cut) : folder(folders, folderNumbers[i]);
            var file = new RpmFile(folder, base(bases.get(i).substring(cut)), kind(modes[i], flags[i]), sizes[i]);
            characters += file.folder().length() + file.base().length();
            if (characters > MAX_PATH_CHARACTERS) {
                throw MalformedRpm.structure("the paths of the files are longer than " + MAX_PATH_CHARACTERS
                        + " characters");
            }
            files.add(file);
        }
        return files;
    }

    private List<String> folders() throws MalformedRpm {
        if (header.count(RpmTag.DIR_NAMES) > MAX_FILES) {
            throw MalformedRpm.structure("the package names more than " + MAX_FILES + " folders");
        }
        List<String> folders = header.texts(RpmTag.DIR_NAMES);
        for (String folder : folders) {
            if (!(source && folder.isEmpty()) && !(folder.startsWith("/") && folder.endsWith("/"))) {
                throw MalformedRpm.structure("a folder of the files does not start and end with a slash");
            }
        }
        return folders;
    }

    private static String folder(List<String> folders, long number) throws MalformedRpm {
        if (number >= folders.size()) {
            throw MalformedRpm.structure("a file stands in a folder that the header does not name");
        }
        return folders.get((int) number);
    }

    private static String base(String name) throws MalformedRpm {
        if (name.indexOf('/') >= 0) {
            throw MalformedRpm.structure("the name of a file has a slash");
        }
        return name;
    }

    private long[] perFile(int tag, int count) throws MalformedRpm {
        if (header.count(tag) != count) {
            throw MalformedRpm.structure("names of the files and values of tag " + tag + " differ in number");
        }
        return header.numbers(tag);
    }

    private static RpmFile.Kind kind(long mode, long flags) {
        if ((mode & FORMAT_MASK) == FOLDER) {
            return RpmFile.Kind.FOLDER;
        }
        return (flags & GHOST) != 0 ? RpmFile.Kind.GHOST : RpmFile.Kind.FILE;
    }
}
