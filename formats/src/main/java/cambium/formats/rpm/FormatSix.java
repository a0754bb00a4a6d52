package cambium.formats.rpm;

import java.util.List;

/// What packages of format 6 (rpm 6) must be beyond those of format 4: tags in strict order, no digest or signature of
/// the old kinds, the new digests there, texts in UTF-8. See rpm's manual, `format_v6`.
final class FormatSix {
    static final int NUMBER = 6;
    /// A payload laid out for cloning (rpm 6.2) is no plain cpio archive; whoever installs it must know that.
    private static final String ALIGNED = "rpmlib(PayloadAlignment)";

    private FormatSix() {}

    static void check(RpmHeader signature, RpmHeader main) throws MalformedRpm {
        ordered(signature);
        ordered(main);
        if (signature.tags().stream().anyMatch(tag -> tag > RpmTag.SIGNATURE_LAST_OF_RPM_6)
                || signature.has(RpmTag.SIGNATURE_SHA1)) {
            throw MalformedRpm.structure("a package of format 6 has digests, sizes or signatures of older formats");
        }
        if (!signature.has(RpmTag.SIGNATURE_SHA256) || !signature.has(RpmTag.SIGNATURE_SHA3)
                || !main.has(RpmTag.PAYLOAD_DIGEST)) {
            throw MalformedRpm.structure("a package of format 6 lacks one of the digests that it must state");
        }
        if (!main.text(RpmTag.ENCODING).orElse("").equals("utf-8")) {
            throw MalformedRpm.structure("a package of format 6 does not say that its texts are UTF-8");
        }
    }

    /// Readers look tags up by halves in a sorted index, so an unsorted one is read differently by each.
    private static void ordered(RpmHeader header) throws MalformedRpm {
        List<Integer> tags = header.tags();
        for (int i = 1; i < tags.size(); i++) {
            if (tags.get(i) <= tags.get(i - 1)) {
                throw MalformedRpm.structure("the tags of a package of format 6 are not in their order");
            }
        }
    }

    static void checkSize(RpmHeader main, long payloadBytes) throws MalformedRpm {
        var stated = main.number(RpmTag.PAYLOAD_SIZE);
        if (stated.isPresent() && stated.get() != payloadBytes) {
            throw MalformedRpm.structure("the payload has " + payloadBytes + " bytes where the header says "
                    + stated.get());
        }
    }

    static boolean isAligned(RpmHeader main) throws MalformedRpm {
        int requires = RpmRelation.REQUIRES.nameTag;
        return main.number(RpmTag.FORMAT).orElse(0L) == NUMBER && main.count(requires) <= RpmFields.MAX_RELATIONS
                && main.texts(requires).contains(ALIGNED);
    }
}
