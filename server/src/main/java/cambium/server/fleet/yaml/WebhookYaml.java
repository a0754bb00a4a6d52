package cambium.server.fleet.yaml;

import cambium.server.fleet.handover.WebhookSpec;
import com.fasterxml.jackson.core.JsonPointer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Reads what `driver.yaml` says of a pipeline that is begun by HTTP.
final class WebhookYaml {
    private static final Duration MIN_EVERY = Duration.ofMillis(100);
    private static final Duration MAX_EVERY = Duration.ofMinutes(10);
    private static final Duration MIN_WITHIN = Duration.ofSeconds(1);
    private static final Duration MAX_WITHIN = Duration.ofHours(1);
    private static final Pattern URL = Pattern.compile("https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/.*)?");
    private static final Pattern FILE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "DELETE");

    private final Section top;

    WebhookYaml(Section top) {
        this.top = top;
    }

    WebhookSpec read() {
        Set<String> hosts = top.has("hosts") ? words(top, "hosts").stream().map(host -> host.toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet()) : Set.of();
        var began = top.requiredSection("start");
        var start = request(began, "POST");
        var run = pointer(began, "run");
        began.done();
        var spec = new WebhookSpec(hosts, start, run, top.section("find").map(this::find),
                top.section("poll").map(this::poll), top.section("callback").map(this::callback),
                top.section("cancel").map(section -> {
                    var request = request(section, "POST");
                    section.done();
                    return request;
                }));
        if (spec.poll().isEmpty() && spec.callback().isEmpty()) {
            top.problem("poll", "nothing would tell how a run ended: give 'poll', 'callback' or both");
        }
        if (spec.poll().isPresent() && run.isEmpty() && spec.find().isEmpty()) {
            top.problem("start", "no run could be asked for: give 'run', where the answer names it, or 'find'");
        }
        return spec;
    }

    private WebhookSpec.Find find(Section section) {
        var find = new WebhookSpec.Find(request(section, "GET"), pointer(section, "list").orElse(""),
                section.requiredParsed("where", "", WebhookYaml::checked), section.required("is"),
                section.requiredParsed("run", "", WebhookYaml::checked),
                between(section, "within", Duration.ofMinutes(2), MIN_WITHIN, MAX_WITHIN));
        section.done();
        if (!find.is().contains("${CAMBIUM_ATTEMPT}")) {
            section.problem("is", "it has to hold ${CAMBIUM_ATTEMPT}, or the run of another attempt would be found");
        }
        return find;
    }

    private WebhookSpec.Poll poll(Section section) {
        var words = new WebhookSpec.Words(optional(section, "running"), words(section, "succeeded"),
                words(section, "failed"), optional(section, "cancelled"));
        var poll = new WebhookSpec.Poll(request(section, "GET"),
                between(section, "every", Duration.ofSeconds(10), MIN_EVERY, MAX_EVERY),
                section.items("state", this::pointer), words, pointer(section, "reason"),
                section.has("tell") ? section.items("tell", this::pointer) : List.of());
        var seen = new HashSet<String>();
        for (var meaning : List.of(words.running(), words.succeeded(), words.failed(), words.cancelled())) {
            meaning.stream().filter(word -> !seen.add(word)).forEach(word ->
                    section.problem("state", "the word '" + word + "' stands for two things"));
        }
        section.done();
        return poll;
    }

    private String callback(Section section) {
        var secret = section.requiredParsed("secret", "", WebhookYaml::file);
        section.done();
        return secret;
    }

    private WebhookSpec.Request request(Section section, String method) {
        return new WebhookSpec.Request(section.parsed("method", method, WebhookYaml::method),
                section.requiredParsed("url", "", WebhookYaml::url),
                new TreeMap<>(section.section("headers").map(Section::texts).orElseGet(TreeMap::new)),
                section.text("body").isPresent() ? Optional.of(section.parsed("body", "", WebhookYaml::file))
                        : Optional.empty());
    }

    private static String method(String text) {
        if (!METHODS.contains(text)) {
            throw new IllegalArgumentException("a method is GET, POST, PUT or DELETE, not '" + text + "'");
        }
        return text;
    }

    private static String url(String text) {
        if (!URL.matcher(text).matches()) {
            throw new IllegalArgumentException("an address is https://host/…, its host written out, without user, and "
                    + "${…} only behind the host");
        }
        return text;
    }

    private static String file(String text) {
        if (!FILE.matcher(text).matches()) {
            throw new IllegalArgumentException("the name of a file beside driver.yaml is expected, not '" + text + "'");
        }
        return text;
    }

    private Optional<String> pointer(Section section, String name) {
        return section.text(name).isPresent()
                ? Optional.of(section.parsed(name, "", WebhookYaml::checked)) : Optional.empty();
    }

    private String pointer(Section.Item item) {
        var text = word(item);
        try {
            return checked(text);
        } catch (IllegalArgumentException wrong) {
            top.problem("poll", wrong.getMessage());
            return "";
        }
    }

    private static String checked(String text) {
        try {
            return JsonPointer.compile(text).toString();
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException("a JSON pointer is expected, like /status, not '" + text + "'", wrong);
        }
    }

    private static Set<String> words(Section section, String name) {
        return Set.copyOf(section.items(name, WebhookYaml::word).stream().filter(word -> !word.isEmpty()).toList());
    }

    private static Set<String> optional(Section section, String name) {
        return section.has(name) ? words(section, name) : Set.of();
    }

    private static String word(Section.Item item) {
        return item.node() instanceof YamlValue.Scalar scalar ? scalar.text() : "";
    }

    private static Duration between(Section section, String name, Duration otherwise, Duration least, Duration most) {
        var value = section.duration(name, otherwise);
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            section.problem(name, "from " + least.toMillis() + "ms to " + most.toSeconds() + "s is allowed");
            return otherwise;
        }
        return value;
    }
}
