/// Judges from counters whether a version harms a cell: count statistics for errors, rank statistics for latencies.
package cambium.rollout.health;
