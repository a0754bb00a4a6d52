/// Cell driver that runs a Job in the cell's Kubernetes cluster for every attempt.
package cambium.server.fleet.kubernetes;
