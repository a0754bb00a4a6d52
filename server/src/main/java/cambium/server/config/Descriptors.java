package cambium.server.config;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;

/// The file descriptors of this process. Each connection takes one, each file that is read or written, and for moments
/// a step that begins and a name that is looked up. Where none is left, nothing can be told of the rest of the world.
public final class Descriptors {
    /// A step that begins takes fewer.
    private static final int TRIED = 16;
    private static final long UNBOUNDED = 1_000_000;

    private Descriptors() {}

    /// How many it may have at a time.
    public static long most() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? system.getMaxFileDescriptorCount() : UNBOUNDED;
    }

    /// Whether it gets enough of them now to begin a step: taken, and given back at once.
    public static boolean areLeft() {
        var taken = new ArrayList<InputStream>();
        try {
            while (taken.size() < TRIED) {
                taken.add(new FileInputStream("/dev/null"));
            }
            return true;
        } catch (IOException none) {
            return !isLackOf(none);
        } finally {
            taken.forEach(Descriptors::giveBack);
        }
    }

    private static void giveBack(InputStream taken) {
        try {
            taken.close();
        } catch (IOException never) {
            throw new IllegalStateException("/dev/null cannot be closed", never);
        }
    }

    /// Whether this is why something failed, and says nothing of whom it was to reach. Java keeps Linux's words of
    /// EMFILE and ENFILE only.
    public static boolean isLackOf(Throwable failed) {
        for (var cause = failed; cause != null; cause = cause.getCause()) {
            if (String.valueOf(cause.getMessage()).contains("Too many open files")) {
                return true;
            }
        }
        return false;
    }
}
