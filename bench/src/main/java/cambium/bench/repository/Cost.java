package cambium.bench.repository;

/// What a piece of work took: seconds by the clock, and processor seconds of the process and its children, or of the
/// server with its PostgreSQL.
record Cost(double wallSeconds, double cpuSeconds) {
    Cost plus(Cost more) {
        return new Cost(wallSeconds + more.wallSeconds, cpuSeconds + more.cpuSeconds);
    }

    Cost times(double factor) {
        return new Cost(wallSeconds * factor, cpuSeconds * factor);
    }
}
