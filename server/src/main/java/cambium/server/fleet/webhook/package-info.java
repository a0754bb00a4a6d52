/// Cell driver that begins a run of a pipeline by HTTP for every attempt, and follows it.
package cambium.server.fleet.webhook;
