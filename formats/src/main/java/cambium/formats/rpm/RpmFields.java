package cambium.formats.rpm;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Takes what is needed out of a main header, checked.
///
/// Bounds: texts for people 1 MiB together; 131,072 relations with 8 MiB of text; the newest 10 changelog entries
/// with 4 MiB of text; files as [RpmFileList] says. All counted in characters.
final class RpmFields {
    static final int MAX_RELATIONS = 1 << 17;
    private static final int MAX_TEXT_CHARACTERS = 1 << 20;
    private static final int MAX_RELATION_CHARACTERS = 8 << 20;
    private static final int MAX_CHANGES = 10;
    private static final int MAX_CHANGE_CHARACTERS = 4 << 20;
    private static final long MAX_EPOCH = 999_999_999;

    private final RpmHeader header;
    private final long format;
    private final String name;
    private final Evr evr;
    private final String architecture;

    RpmFields(RpmHeader header) throws MalformedRpm {
        this.header = header;
        format = header.number(RpmTag.FORMAT).orElse(4L);
        if (format != 4 && format != FormatSix.NUMBER) {
            throw MalformedRpm.structure("packages of rpm's format " + format + " are not known");
        }
        name = required(RpmTag.NAME, "Name");
        evr = Evr.of(epoch(), required(RpmTag.VERSION, "Version"), required(RpmTag.RELEASE, "Release"));
        architecture = architecture();
        List<MalformedRpm> problems = RpmPackage.problems(name, evr, architecture);
        if (!problems.isEmpty()) {
            throw problems.getFirst();
        }
    }

    private String architecture() throws MalformedRpm {
        String stated = required(RpmTag.ARCHITECTURE, "Arch");
        boolean source = header.has(RpmTag.SOURCE_PACKAGE) || !header.has(RpmTag.SOURCE_RPM);
        if (source) {
            return header.has(RpmTag.NO_SOURCE) || header.has(RpmTag.NO_PATCH) ? "nosrc" : "src";
        }
        if (RpmPackage.isSource(stated)) {
            throw MalformedRpm.field("Arch", "a package that was built from a source package says it is one");
        }
        return stated;
    }

    private OptionalInt epoch() throws MalformedRpm {
        Optional<Long> epoch = header.number(RpmTag.EPOCH);
        if (epoch.orElse(0L) > MAX_EPOCH) {
            throw MalformedRpm.field("Epoch", "Epoch is larger than " + MAX_EPOCH);
        }
        return epoch.isPresent() ? OptionalInt.of(epoch.get().intValue()) : OptionalInt.empty();
    }

    boolean isFormatSix() {
        return format == FormatSix.NUMBER;
    }

    String name() {
        return name;
    }

    boolean source() {
        return RpmPackage.isSource(architecture);
    }

    long installedBytes() throws MalformedRpm {
        Optional<Long> size = header.number(RpmTag.SIZE);
        return size.isPresent() ? size.get() : header.number(RpmTag.LONG_SIZE).orElse(0L);
    }

    RpmPackage describe(HeaderRange range, RpmSizes sizes, List<RpmFile> files, RpmProof proof,
            Optional<String> migrations) throws MalformedRpm {
        return new RpmPackage(name, evr, architecture, texts(), header.number(RpmTag.BUILD_TIME).orElse(0L), sizes,
                range, relations(), files, changes(), proof, migrations);
    }

    private RpmTexts texts() throws MalformedRpm {
        var texts = new RpmTexts(text(RpmTag.SUMMARY), text(RpmTag.DESCRIPTION), text(RpmTag.LICENSE),
                text(RpmTag.VENDOR), text(RpmTag.PACKAGER), text(RpmTag.URL), text(RpmTag.GROUP),
                text(RpmTag.BUILD_HOST), RpmPackage.isSource(architecture) ? "" : text(RpmTag.SOURCE_RPM));
        long characters = 0;
        for (String one : List.of(texts.summary(), texts.description(), texts.license(), texts.vendor(),
                texts.packager(), texts.url(), texts.group(), texts.buildHost(), texts.sourceRpm())) {
            characters += one.length();
        }
        if (characters > MAX_TEXT_CHARACTERS) {
            throw MalformedRpm.structure("summary, description and the like are longer than " + MAX_TEXT_CHARACTERS
                    + " characters");
        }
        return texts;
    }

    private String text(int tag) throws MalformedRpm {
        return header.text(tag).orElse("");
    }

    private String required(int tag, String field) throws MalformedRpm {
        Optional<String> value = header.text(tag);
        if (value.isEmpty() || value.get().isEmpty()) {
            throw MalformedRpm.field(field, field + " is missing or empty");
        }
        return value.get();
    }

    private Map<RpmRelation, List<RpmDependency>> relations() throws MalformedRpm {
        var relations = new EnumMap<RpmRelation, List<RpmDependency>>(RpmRelation.class);
        long count = 0;
        long characters = 0;
        for (RpmRelation relation : RpmRelation.values()) {
            List<RpmDependency> dependencies = dependencies(relation);
            count += dependencies.size();
            for (RpmDependency one : dependencies) {
                characters += one.name().length() + one.version().length();
            }
            relations.put(relation, dependencies);
        }
        if (count > MAX_RELATIONS || characters > MAX_RELATION_CHARACTERS) {
            throw MalformedRpm.structure("the package provides, requires and so on more than " + MAX_RELATIONS
                    + " things, or " + MAX_RELATION_CHARACTERS + " characters of them");
        }
        return relations;
    }

    private List<RpmDependency> dependencies(RpmRelation relation) throws MalformedRpm {
        if (header.count(relation.nameTag) > MAX_RELATIONS) {
            throw MalformedRpm.structure("the package has more than " + MAX_RELATIONS + " relations of one kind");
        }
        List<String> names = header.texts(relation.nameTag);
        List<String> versions = header.texts(relation.versionTag);
        long[] flags = header.numbers(relation.flagsTag);
        // The first packages of rpm 4 state no versions for what they provide, and then no flags either.
        boolean bare = versions.isEmpty() && flags.length == 0;
        if (!bare && (versions.size() != names.size() || flags.length != names.size())) {
            throw MalformedRpm.structure("names, versions and flags of " + relation + " differ in number");
        }
        var dependencies = new ArrayList<RpmDependency>(names.size());
        for (int i = 0; i < names.size(); i++) {
            dependencies.add(new RpmDependency(names.get(i), bare ? 0 : (int) flags[i], bare ? "" : versions.get(i)));
        }
        return dependencies;
    }

    private List<RpmChange> changes() throws MalformedRpm {
        long[] times = header.numbers(RpmTag.CHANGE_TIMES);
        List<String> names = header.firstTexts(RpmTag.CHANGE_NAMES, MAX_CHANGES);
        List<String> texts = header.firstTexts(RpmTag.CHANGE_TEXTS, MAX_CHANGES);
        if (header.count(RpmTag.CHANGE_NAMES) != times.length || header.count(RpmTag.CHANGE_TEXTS) != times.length) {
            throw MalformedRpm.structure("times, authors and texts of the changelog differ in number");
        }
        var changes = new ArrayList<RpmChange>();
        long characters = 0;
        for (int i = 0; i < names.size(); i++) {
            changes.add(new RpmChange(names.get(i), times[i], texts.get(i)));
            characters += names.get(i).length() + texts.get(i).length();
        }
        if (characters > MAX_CHANGE_CHARACTERS) {
            throw MalformedRpm.structure("the newest " + MAX_CHANGES + " entries of the changelog are longer than "
                    + MAX_CHANGE_CHARACTERS + " characters");
        }
        return changes;
    }
}
