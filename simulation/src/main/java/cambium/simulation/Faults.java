package cambium.simulation;

/// How often each kind of trouble comes, as a probability each time it could. Every run draws its own mixture, so that
/// some runs see only one kind, and much of it.
record Faults(double kill, double pause, double interrupt, double stepFails, double stepHangs, double stepLies,
        double stepForgotten, double answerLost, double lookLost, double lookLate, double metricsGone,
        double unreachable, double channelSlow, double drift, double wrongEvidence, double strayResult) {

    static final Faults NONE = new Faults(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    static Faults drawn(Chance chance) {
        return new Faults(some(chance, 0.01), some(chance, 0.01), some(chance, 0.02), some(chance, 0.2),
                some(chance, 0.1),
                some(chance, 0.1), some(chance, 0.05), some(chance, 0.1), some(chance, 0.3), some(chance, 0.2),
                some(chance, 0.3),
                some(chance, 0.01), some(chance, 0.5), some(chance, 0.003), some(chance, 0.2), some(chance, 0.1));
    }

    private static double some(Chance chance, double most) {
        return chance.in(0.5) ? 0 : chance.below(1000) / 1000.0 * most;
    }
}
