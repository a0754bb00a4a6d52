/// Looks at cells over HTTP: their health answer and their Prometheus metrics.
package cambium.server.fleet.observe;
