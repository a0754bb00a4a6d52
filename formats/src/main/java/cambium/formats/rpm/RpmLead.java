package cambium.formats.rpm;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/// The 96 bytes at the start of the file, of which only the magic, the format and the kind of signature still mean
/// anything; everything else in them is said again, and better, by the header.
final class RpmLead {
    static final int BYTES = 96;
    private static final int MAGIC = 0xedabeedb;
    private static final int HEADER_SIGNATURE = 5;

    private RpmLead() {}

    static void read(InputStream in) throws IOException {
        byte[] lead = in.readNBytes(BYTES);
        if (lead.length == 0) {
            throw MalformedRpm.structure("the file is empty");
        }
        if (lead.length < BYTES || ByteBuffer.wrap(lead).getInt(0) != MAGIC) {
            throw MalformedRpm.structure("not an RPM package: the file does not start with its lead");
        }
        ByteBuffer fields = ByteBuffer.wrap(lead);
        if (fields.get(4) < 3 || fields.get(4) > 4 || fields.getShort(78) != HEADER_SIGNATURE) {
            throw MalformedRpm.structure("the lead names a format of packages older than rpm 4, or an unknown one");
        }
        if (fields.getShort(6) < 0 || fields.getShort(6) > 1) {
            throw MalformedRpm.structure("the lead names neither a binary nor a source package");
        }
    }
}
