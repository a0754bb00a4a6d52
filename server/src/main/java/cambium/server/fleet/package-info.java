/// The rollout loop and its ports: the store of events, the drivers and observers of cells, the ring channels.
package cambium.server.fleet;
