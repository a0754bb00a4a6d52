package cambium.formats.testing;

import cambium.formats.ParseResult;

/// Opens parse results in tests, with a readable failure.
public final class Parsing {
    private Parsing() {}

    public static <P> P parsed(ParseResult<P> result) {
        return switch (result) {
            case ParseResult.Parsed<P>(var value) -> value;
            case ParseResult.Malformed<P> refused -> throw new AssertionError("expected a value, but: " + refused);
        };
    }

    public static <P> ParseResult.Malformed<P> refused(ParseResult<P> result) {
        return switch (result) {
            case ParseResult.Parsed<P>(var value) -> throw new AssertionError("expected a refusal, but: " + value);
            case ParseResult.Malformed<P> refused -> refused;
        };
    }
}
