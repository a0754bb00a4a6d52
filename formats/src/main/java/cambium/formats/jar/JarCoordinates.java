package cambium.formats.jar;

/// What a jar says that it is, in the `pom.properties` that Maven puts into it. The three are as they stand there, and
/// prove nothing of their form.
public record JarCoordinates(String group, String artifact, String version) {
    /// As clients send it: `group:artifact:version`.
    public String text() {
        return group + ":" + artifact + ":" + version;
    }
}
