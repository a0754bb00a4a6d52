package cambium.cli;

/// How far a big file has gone out; on a terminal only, on standard error, one line that is wiped in the end.
final class Progress {
    private static final long WORTH_SHOWING_BYTES = 4L << 20;

    private final ServerOptions options;
    private final String name;
    private int shown = -1;

    Progress(ServerOptions options, String name) {
        this.options = options;
        this.name = name;
    }

    void show(long sent, long size) {
        int percent = (int) (sent * 100 / Math.max(1, size));
        if (!options.surroundings().terminal() || size < WORTH_SHOWING_BYTES || percent == shown) {
            return;
        }
        shown = percent;
        options.surroundings().err().print("\r" + name + "  " + percent + " % of " + (size >> 20) + " MiB\u001b[K");
    }

    /// The same for many files.
    void showCount(int sent, int all) {
        int percent = (int) (sent * 100L / Math.max(1, all));
        if (options.surroundings().terminal() && percent != shown) {
            shown = percent;
            options.surroundings().err().print("\r" + name + "  " + sent + " of " + all + "\u001b[K");
        }
    }

    void clear() {
        if (shown >= 0) {
            options.surroundings().err().print("\r\u001b[K");
        }
    }
}
