package cambium.server.repository.format;

import cambium.server.blob.StagedBlob;
import java.util.List;
import java.util.stream.Stream;

/// The files that came with one push. The names are those that the client gave them, and prove nothing: most formats
/// take every name from the bytes. `others`: the files beside a source package's description.
public record Submission(Sent main, List<Sent> others) {
    public Submission {
        others = List.copyOf(others);
    }

    /// A file as it was sent; the name may be empty.
    public record Sent(String name, StagedBlob blob) {}

    public static Submission of(StagedBlob only) {
        return new Submission(new Sent("", only), List.of());
    }

    /// All of them, the main one first.
    public Stream<Sent> all() {
        return Stream.concat(Stream.of(main), others.stream());
    }
}
