/// Distributions that an administrator adds to those of packagecloud.
package cambium.server.repository.distribution;
