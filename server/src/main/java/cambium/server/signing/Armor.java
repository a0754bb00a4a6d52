package cambium.server.signing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.bouncycastle.bcpg.ArmoredInputStream;
import org.bouncycastle.bcpg.ArmoredOutputStream;

/// ASCII armour without header lines: one block around any number of keys or signatures, since apt and rpm read one.
final class Armor {
    private Armor() {}

    /// The kind of block follows from the first packet.
    static String of(byte[] packets) {
        try {
            var out = new ByteArrayOutputStream();
            try (var armored = ArmoredOutputStream.builder().clearHeaders().build(out)) {
                armored.write(packets);
            }
            return out.toString(StandardCharsets.US_ASCII);
        } catch (IOException never) {
            throw new IllegalStateException("memory cannot be written", never);
        }
    }

    /// The packets of the first block, or of all blocks where there are several.
    static byte[] packets(byte[] armored) throws IOException {
        var packets = new ByteArrayOutputStream();
        try (InputStream in = new ByteArrayInputStream(armored)) {
            while (in.available() > 0) {
                var block = new ArmoredInputStream(in, true);
                block.transferTo(packets);
            }
        }
        return packets.toByteArray();
    }

    /// One block around the packets of several.
    static String joined(List<String> blocks) {
        var packets = new ByteArrayOutputStream();
        try {
            for (String block : blocks) {
                packets.writeBytes(packets(block.getBytes(StandardCharsets.US_ASCII)));
            }
        } catch (IOException damaged) {
            throw new IllegalStateException("a stored public key is damaged", damaged);
        }
        return of(packets.toByteArray());
    }
}
