/// Reads `fleet.yaml`: text of a person into a checked fleet, with errors that name line and field.
package cambium.server.fleet.yaml;
