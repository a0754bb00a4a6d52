/// HTTP without a proxy in front: strict framing, one table of routes, one place where answers and errors are written.
package cambium.server.http;
