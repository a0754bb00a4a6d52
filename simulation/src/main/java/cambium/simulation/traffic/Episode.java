package cambium.simulation.traffic;

/// A strain from one second to another, counted from the end of the deployment; it grows evenly over its first
/// `rampSeconds`.
record Episode(double fromSecond, double toSecond, double rampSeconds, Strain strain) {

    Strain at(double second) {
        if (second < fromSecond || second >= toSecond) {
            return Strain.NONE;
        }
        double part = rampSeconds <= 0 ? 1 : Math.min(1, (second - fromSecond) / rampSeconds);
        return new Strain(strain.errors() * part, 1 + (strain.slower() - 1) * part, strain.saturation() * part);
    }
}
