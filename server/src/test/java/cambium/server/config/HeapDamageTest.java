package cambium.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/// Which failures a process cannot go on after.
class HeapDamageTest {
    private int ends;
    private final HeapDamage damage = new HeapDamage(() -> ends++);

    @Test
    void whatFoundNoMemoryIsTriedAgain() {
        damage.failed(new OutOfMemoryError("Java heap space"));
        damage.failed(new IllegalStateException("a round", new OutOfMemoryError("Java heap space")));
        assertEquals(0, ends);
    }

    @Test
    void aCallThatCouldNotBeLinkedForWantOfMemoryNeverWorksAgain() {
        damage.failed(new BootstrapMethodError("bootstrap", new OutOfMemoryError("Java heap space")));
        assertEquals(1, ends);
    }

    @Test
    void noMoreDoesOneThatFailsLaterWithoutSayingWhy() {
        damage.failed(new IllegalStateException(new OutOfMemoryError("Java heap space")));
        damage.failed(new BootstrapMethodError("bootstrap method initialization exception"));
        assertEquals(1, ends);
    }

    @Test
    void aClassWhoseInitialisationFoundNoMemoryIsKnownByWhatJavaKeepsOfIt() {
        var first = new ExceptionInInitializerError("Exception java.lang.OutOfMemoryError: Java heap space ");
        damage.failed((Error) new NoClassDefFoundError("Could not initialize class Shelf").initCause(first));
        assertEquals(1, ends);
    }

    @Test
    void aClassThatIsMissingWhileThereIsMemoryEndsNothing() {
        damage.failed(new NoClassDefFoundError("Shelf"));
        damage.ended(Thread.currentThread(), new IllegalStateException("a fault of ours"));
        assertEquals(0, ends);
    }

    @Test
    void aThreadThatEndedForWantOfMemoryIsMissed() {
        damage.ended(Thread.currentThread(), new OutOfMemoryError("Java heap space"));
        assertEquals(1, ends);
    }
}
