package cambium.formats.dsc;

import java.util.List;

/// Takes the text out of a clear-signed message (RFC 9580, section 7). The signature is not verified: whose key would
/// count is for a policy to say. Whatever is not covered by it is refused, so that nobody can read other fields.
final class ClearSigned {
    private static final String START = "-----BEGIN PGP SIGNED MESSAGE-----";
    private static final String SIGNATURE = "-----BEGIN PGP SIGNATURE-----";
    private static final String END = "-----END PGP SIGNATURE-----";

    private ClearSigned() {}

    /// The text itself when it is not signed.
    static String text(String file) throws MalformedDsc {
        if (file.indexOf('\r') >= 0) {
            throw MalformedDsc.structure("the .dsc holds a carriage return");
        }
        if (!file.startsWith("-----")) {
            return file;
        }
        List<String> lines = file.lines().toList();
        if (!lines.getFirst().equals(START)) {
            throw MalformedDsc.structure("the .dsc starts with dashes, but not as a signed message");
        }
        int at = 1;
        while (at < lines.size() && lines.get(at).startsWith("Hash: ")) {
            at++;
        }
        if (at == lines.size() || !lines.get(at).isEmpty()) {
            throw MalformedDsc.structure("the signed message around the .dsc has an unknown header");
        }
        var text = new StringBuilder();
        for (at++; at < lines.size() && !lines.get(at).equals(SIGNATURE); at++) {
            String line = lines.get(at);
            if (line.startsWith("-") && !line.startsWith("- ")) {
                throw MalformedDsc.structure("the signed message around the .dsc has a line that starts with a dash");
            }
            text.append(line.startsWith("- ") ? line.substring(2) : line).append('\n');
        }
        checkSignature(lines.subList(Math.min(at + 1, lines.size()), lines.size()));
        return text.toString();
    }

    private static void checkSignature(List<String> lines) throws MalformedDsc {
        int end = lines.indexOf(END);
        if (end < 0) {
            throw MalformedDsc.structure("the signature of the .dsc does not end");
        }
        if (lines.subList(end + 1, lines.size()).stream().anyMatch(line -> !line.isBlank())) {
            throw MalformedDsc.structure("something follows the signature of the .dsc");
        }
        if (lines.subList(0, end).stream().anyMatch(line -> !line.matches("[A-Za-z0-9+/=]*|[A-Z][A-Za-z]*: [ -~]*"))) {
            throw MalformedDsc.structure("the signature of the .dsc holds something that is no signature");
        }
    }
}
