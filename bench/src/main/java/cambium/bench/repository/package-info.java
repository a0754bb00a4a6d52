/// Publishing and serving packages: Cambium and its peers on the same corpus, in one run.
package cambium.bench.repository;
