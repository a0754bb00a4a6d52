package cambium.server.config;

/// What is left broken when the heap was full. Work that finds no memory fails alone and is tried again; that heals by
/// itself. Two things never do: a class or a call that Java was linking at that moment, which fails from then on
/// whenever it is used (JVMS §5.4.3, §5.5), and a thread that has ended. A process that finds one of them ends, for its
/// supervisor to start it anew, and for others to lead meanwhile.
///
/// Nothing here asks for memory.
public final class HeapDamage {
    private static volatile HeapDamage ofProcess = new HeapDamage(() -> { });

    private final Runnable end;
    private volatile boolean wasFull;

    /// @param end begins to end the process, and returns at once; may be called several times
    public HeapDamage(Runnable end) {
        this.end = end;
    }

    /// From now on the process's failures are looked at, and threads that none have caught.
    public static void watch(HeapDamage damage) {
        ofProcess = damage;
        Thread.setDefaultUncaughtExceptionHandler(damage::ended);
    }

    /// To be told of each failure that was caught and not foreseen.
    public static void note(Throwable failed) {
        ofProcess.failed(failed);
    }

    void failed(Throwable failed) {
        boolean isBroken = false;
        for (var cause = failed; cause != null; cause = cause.getCause()) {
            wasFull |= isLackOfMemory(cause);
            isBroken |= cause instanceof LinkageError;
        }
        if (isBroken && wasFull) {
            end.run();
        }
    }

    /// A thread has ended by what nobody caught.
    void ended(Thread thread, Throwable failed) {
        failed(failed);
        for (var cause = failed; cause != null; cause = cause.getCause()) {
            if (isLackOfMemory(cause)) {
                end.run();
            }
        }
        System.err.println(thread);
        failed.printStackTrace();
    }

    /// Java keeps of the cause of a failed initialisation only what it was called.
    private static boolean isLackOfMemory(Throwable cause) {
        return cause instanceof VirtualMachineError
                || cause instanceof LinkageError && String.valueOf(cause.getMessage()).contains("OutOfMemoryError");
    }
}
