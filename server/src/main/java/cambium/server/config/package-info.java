/// The settings of a server: parsed once at start, from flags and environment; an unknown one refuses to start.
package cambium.server.config;
