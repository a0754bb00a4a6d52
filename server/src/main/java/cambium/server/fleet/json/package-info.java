/// The stored form of fleet events.
package cambium.server.fleet.json;
