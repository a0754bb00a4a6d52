package cambium.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// How large the terminal is; the JDK does not tell, `stty` does. Nothing by nothing where it cannot be known.
record TerminalSize(int rows, int columns) {

    static TerminalSize now() {
        try {
            Process stty = new ProcessBuilder(List.of("stty", "size"))
                    .redirectInput(Path.of("/dev/tty").toFile()).redirectErrorStream(true).start();
            String said = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            if (said.matches("\\d{1,4} \\d{1,4}")) {
                String[] size = said.split(" ");
                return new TerminalSize(Integer.parseInt(size[0]), Integer.parseInt(size[1]));
            }
        } catch (IOException noTerminal) {
            // said by the size
        }
        return new TerminalSize(0, 0);
    }
}
