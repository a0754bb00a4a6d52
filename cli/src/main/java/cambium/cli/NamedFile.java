package cambium.cli;

import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The fleet's file, as an operand or as `-f`: whichever of the two, every command that takes one takes both.
final class NamedFile {
    @Parameters(paramLabel = "FILE", description = "the fleet in YAML; - for standard input")
    private String operand;

    @Option(names = {"-f", "--file"}, paramLabel = "FILE", description = "the same")
    private String option;

    /// A path, or `-` for standard input.
    String path() {
        return operand == null ? option : operand;
    }
}
