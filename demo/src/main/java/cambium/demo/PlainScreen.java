package cambium.demo;

import java.io.PrintStream;
import java.time.InstantSource;
import java.time.ZoneOffset;

/// Lines with the time in front, for a log or a pipe; the fleet is told by its changes.
final class PlainScreen implements Screen {
    private final PrintStream out;
    private final InstantSource clock;
    private final Changes changes = new Changes();

    PlainScreen(PrintStream out, InstantSource clock) {
        this.out = out;
        this.clock = clock;
    }

    @Override
    public void say(String line) {
        out.println("%tT  ".formatted(clock.instant().atOffset(ZoneOffset.UTC)) + line);
        out.flush();
    }

    @Override
    public void show(String headline, Moment moment) {
        changes.since(moment.fleet()).forEach(this::say);
    }

    @Override
    public void end() {
        out.flush();
    }
}
