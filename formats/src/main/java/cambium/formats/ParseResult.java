package cambium.formats;

import java.util.Optional;

/// The answer of every parser here: the value, or why the bytes cannot be that value.
///
/// Hostile or broken input is expected, so it is an answer and never an exception. An `IOException` from a parser
/// always means that its *source* failed (a disk, a socket), never that the content is wrong.
public sealed interface ParseResult<P> {

    /// The bytes were well-formed.
    record Parsed<P>(P value) implements ParseResult<P> {}

    /// The bytes were refused.
    ///
    /// @param code stable, for programs, e.g. `deb_malformed`, `corrupt`, `too_large_expanded`
    /// @param reason one sentence for the person who sent the bytes
    /// @param field the control field at fault, where there is one
    record Malformed<P>(String code, String reason, Optional<String> field) implements ParseResult<P> {}
}
