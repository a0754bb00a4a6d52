/// Reads RPM packages and writes what dnf and zypper read: [RpmReader] is the door for packages, [RpmEntries] and
/// [Repomd] are the doors for repodata, [Evr] knows rpm's order.
package cambium.formats.rpm;
