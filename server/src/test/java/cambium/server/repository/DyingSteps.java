package cambium.server.repository;

import cambium.server.http.Refused;
import cambium.server.testing.SteppedBlobStore;

/// Ends a process that is only played: it dies at its n-th step of the store, and from then on nothing of it reaches
/// the disk any more.
final class DyingSteps implements SteppedBlobStore.Steps {
    private int stepsAtStart;
    private int stepsLeft;
    private boolean isDead;

    DyingSteps(int stepsLeft) {
        this.stepsLeft = stepsLeft;
        this.stepsAtStart = stepsLeft;
    }

    /// The process is gone. A refusal, since the server logs the stack of everything else.
    static final class Crash extends Refused {
        private static final long serialVersionUID = 1;

        Crash() {
            super(500, "dead", "the process is dead");
        }
    }

    /// The next process on the same bytes, which dies after so many steps.
    synchronized void revive(int steps) {
        stepsLeft = steps;
        stepsAtStart = steps;
        isDead = false;
    }

    /// How many steps were taken since it was revived.
    synchronized int taken() {
        return stepsAtStart - stepsLeft;
    }

    synchronized boolean isDead() {
        return isDead;
    }

    @Override
    public synchronized void reached(String step) {
        if (isDead || --stepsLeft < 0) {
            isDead = true;
            throw new Crash();
        }
    }
}
