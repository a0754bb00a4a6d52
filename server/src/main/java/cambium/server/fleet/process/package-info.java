/// Cell driver that runs a program on the server's own machine for every step of an attempt.
package cambium.server.fleet.process;
