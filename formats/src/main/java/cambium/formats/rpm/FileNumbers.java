package cambium.formats.rpm;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/// Finds the files of a header by the names that they have in the payload, and lets each be taken once. It holds eight
/// bytes for a file, since there may be 262,144 of them with long paths.
final class FileNumbers {
    private static final int NUMBER_BITS = 18;
    private static final int NUMBER_MASK = (1 << NUMBER_BITS) - 1;

    private final List<RpmFile> files;
    /// The upper bits of each path's hash, and the file's number in the lower ones; ascending.
    private final long[] byHash;
    private final BitSet taken = new BitSet();

    FileNumbers(List<RpmFile> files) {
        this.files = files;
        this.byHash = new long[files.size()];
        for (int i = 0; i < byHash.length; i++) {
            byHash[i] = hash(hash(0, files.get(i).folder()), files.get(i).base()) & ~NUMBER_MASK | i;
        }
        Arrays.sort(byHash);
    }

    /// @param name as it stands in the payload: with `./`, with `/` or with neither in front
    int claim(String name) throws MalformedRpm {
        String bare = name.startsWith("./") ? name.substring(2) : name.startsWith("/") ? name.substring(1) : name;
        int file = find("/" + bare);
        if (file < 0) {
            file = find(bare);
        }
        if (file < 0) {
            throw MalformedRpm.structure("the payload holds a file that the header does not name");
        }
        claim(file);
        return file;
    }

    void claim(long number) throws MalformedRpm {
        if (number >= files.size()) {
            throw MalformedRpm.structure("the payload holds a file of a number that the header does not have");
        }
        if (taken.get((int) number)) {
            throw MalformedRpm.structure("the payload holds a file twice");
        }
        taken.set((int) number);
    }

    long bytes(int number) {
        return files.get(number).bytes();
    }

    /// What stands behind a file's number in the payload: nothing for a folder.
    long contentBytes(int number) {
        return files.get(number).kind() == RpmFile.Kind.FOLDER ? 0 : bytes(number);
    }

    /// Whether it is a file, or a link to one, with content in the payload.
    boolean isPlain(int number) {
        return files.get(number).kind() == RpmFile.Kind.FILE;
    }

    /// The number of the file with this path; negative for none.
    int find(String path) {
        long hash = hash(0, path) & ~NUMBER_MASK;
        int at = Arrays.binarySearch(byHash, hash);
        at = at < 0 ? -at - 1 : at;
        // Different paths of equal hash are so rare that a handful of them is no honest package's.
        for (int tries = 0; tries < 8 && at < byHash.length && (byHash[at] & ~NUMBER_MASK) == hash; tries++, at++) {
            int number = (int) byHash[at] & NUMBER_MASK;
            if (files.get(number).path().equals(path)) {
                return number;
            }
        }
        return -1;
    }

    /// The hash of joined texts is that of their parts in a row.
    private static long hash(long before, String text) {
        long hash = before;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x9e3779b97f4a7c15L;
            hash ^= hash >>> 29;
        }
        return hash;
    }
}
