/// Figures of the coordinator, taken from a packaged server with real steps.
package cambium.bench.fleet;
