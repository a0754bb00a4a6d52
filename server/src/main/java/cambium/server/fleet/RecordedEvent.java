package cambium.server.fleet;

import cambium.rollout.FleetEvent;

/// An event in its place in the log. `number` counts from 1 without gaps and is the fleet's revision after it;
/// `hash` is the SHA-256 (hex) of the hash before it and the event's stored text, so that nothing before it can be
/// changed unseen.
public record RecordedEvent(long number, FleetEvent event, String hash) {}
