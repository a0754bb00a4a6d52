/// Seeded fleets with faults, driving the real planner and the real loop; checks what they did and what really
/// happened.
package cambium.simulation;
