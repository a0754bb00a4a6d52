/// Where the two halves meet: adapters that give the fleet what it needs of the repository.
package cambium.server.joint;
