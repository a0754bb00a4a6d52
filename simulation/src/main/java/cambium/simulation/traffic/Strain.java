package cambium.simulation.traffic;

/// What strains a cell at one moment, beyond its ordinary life.
///
/// @param errors share of requests that fail in addition, 0 to 1
/// @param slower factor on latencies
/// @param saturation share of the tightest resource used in addition
public record Strain(double errors, double slower, double saturation) {
    public static final Strain NONE = new Strain(0, 1, 0);

    public Strain and(Strain other) {
        return new Strain(Math.min(1, errors + other.errors), slower * other.slower, saturation + other.saturation);
    }
}
