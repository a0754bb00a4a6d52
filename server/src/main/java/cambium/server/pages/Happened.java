package cambium.server.pages;

import cambium.rollout.FleetEvent;

/// An event in its place in the fleet's log; `number` counts from 1 without gaps.
public record Happened(long number, FleetEvent event) {}
