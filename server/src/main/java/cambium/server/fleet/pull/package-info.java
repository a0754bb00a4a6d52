/// Cells that nobody drives: they follow their ring's channel and report what they run.
package cambium.server.fleet.pull;
