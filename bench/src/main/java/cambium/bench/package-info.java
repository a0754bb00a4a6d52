/// The same work done by Cambium and by its peers in one run; micro-benchmarks.
package cambium.bench;
