/// Reads Debian binary packages: [DebReader] is the door; bytes in, [DebPackage] or a refusal out.
package cambium.formats.deb;
