/// Packages and indexes as dnf, yum and zypper know them.
package cambium.server.repository.rpm;
