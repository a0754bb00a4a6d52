package cambium.formats.rpm;

import cambium.formats.MigrationsFile;
import cambium.formats.PackageDescription;
import cambium.formats.PackageDescription.Dependencies;
import cambium.formats.PackageDescription.Fact;
import cambium.formats.PackageType;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// An rpm in the words that all formats share. Long lists are shown in part: 2,000 relations of a kind and 2,000
/// files; the indexes hold them all.
public final class RpmDescription {
    private static final int MAX_ITEMS = 2_000;
    private static final long LAST_SECOND = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

    private RpmDescription() {}

    /// What it requires comes first; further relations follow where there are any. The facts are the remaining texts
    /// of the header, the changelog and the files.
    public static PackageDescription of(RpmPackage rpm) {
        Evr evr = rpm.evr();
        RpmTexts texts = rpm.texts();
        return new PackageDescription(PackageType.RPM, rpm.name(), evr.epoch(), evr.version(),
                Optional.of(evr.release()), rpm.source() ? "src" : rpm.architecture(), rpm.fileName(),
                texts.summary().lines().findFirst().orElse(""), texts.description(),
                Stream.of(texts.license()).filter(text -> !text.isEmpty()).toList(), dependencies(rpm), facts(rpm));
    }

    private static List<Dependencies> dependencies(RpmPackage rpm) {
        var contexts = new ArrayList<Dependencies>();
        contexts.add(context(rpm, RpmRelation.REQUIRES));
        for (RpmRelation relation : RpmRelation.values()) {
            if (relation != RpmRelation.REQUIRES && !rpm.relations().get(relation).isEmpty()) {
                contexts.add(context(rpm, relation));
            }
        }
        return contexts;
    }

    private static Dependencies context(RpmPackage rpm, RpmRelation relation) {
        return new Dependencies(relation.name().toLowerCase(Locale.ROOT),
                shown(rpm.relations().get(relation).stream().map(RpmDependency::toString).distinct().toList()));
    }

    private static List<Fact> facts(RpmPackage rpm) {
        RpmTexts texts = rpm.texts();
        var facts = new ArrayList<Fact>();
        add(facts, "License", texts.license());
        add(facts, "Vendor", texts.vendor());
        add(facts, "Packager", texts.packager());
        add(facts, "URL", texts.url());
        add(facts, "Group", texts.group());
        add(facts, "Build host", texts.buildHost());
        add(facts, "Build time", rpm.buildTime() == 0 ? "" : instant(rpm.buildTime()).toString());
        add(facts, "Source", texts.sourceRpm());
        add(facts, "Installed size", rpm.sizes().installed() + " bytes");
        add(facts, "Changelog", rpm.changes().stream().map(RpmDescription::change).collect(Collectors.joining("\n\n")));
        rpm.migrations().ifPresent(text -> add(facts, MigrationsFile.FACT, text));
        add(facts, "Files", String.join("\n", shown(rpm.files().stream().map(RpmFile::path).toList())));
        return facts;
    }

    private static String change(RpmChange change) {
        return LocalDate.ofInstant(instant(change.time()), ZoneOffset.UTC) + " " + change.author() + "\n"
                + change.text();
    }

    private static Instant instant(long seconds) {
        return Instant.ofEpochSecond(Math.min(seconds, LAST_SECOND));
    }

    private static void add(List<Fact> facts, String name, String value) {
        if (!value.isEmpty()) {
            facts.add(new Fact(name, value));
        }
    }

    private static List<String> shown(List<String> all) {
        if (all.size() <= MAX_ITEMS) {
            return all;
        }
        var some = new ArrayList<>(all.subList(0, MAX_ITEMS));
        some.add("and " + (all.size() - MAX_ITEMS) + " more");
        return some;
    }
}
