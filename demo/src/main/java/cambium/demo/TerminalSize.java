package cambium.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// How high the terminal is; the JDK does not tell, `stty` does.
final class TerminalSize {
    private TerminalSize() {}

    /// 0 where it cannot be known.
    static int rows() {
        try {
            Process stty = new ProcessBuilder(List.of("stty", "size"))
                    .redirectInput(Path.of("/dev/tty").toFile()).redirectErrorStream(true).start();
            String said = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            return said.matches("\\d{1,4} \\d{1,4}") ? Integer.parseInt(said.substring(0, said.indexOf(' '))) : 0;
        } catch (IOException noTerminal) {
            return 0;
        }
    }
}
