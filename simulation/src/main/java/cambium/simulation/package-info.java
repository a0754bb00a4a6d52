/// Seeded fleets with faults, driving the real planner and the real loop.
package cambium.simulation;
