/// Judges beside each other on the same made-up deployments.
package cambium.bench.judge;
