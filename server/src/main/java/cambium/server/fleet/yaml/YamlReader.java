package cambium.server.fleet.yaml;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Turns YAML bytes into plain nodes with line numbers. Bounded: size, depth, number of nodes; one document;
/// anchors, aliases, tags and doubled names are refused, so nothing can expand or be built beyond plain data.
final class YamlReader {
    static final int MAX_DEPTH = 12;
    static final int MAX_NODES = 500_000;

    private final Deque<Open> open = new ArrayDeque<>();
    private int nodes;
    private int documents;
    private Optional<YamlValue> root = Optional.empty();

    sealed interface Reading {
        record Read(YamlValue root) implements Reading {}

        record Malformed(YamlProblem problem) implements Reading {}
    }

    /// A collection not yet closed; `pending` is the name whose value comes next.
    private static final class Open {
        final boolean mapping;
        final int line;
        final List<YamlValue> items = new ArrayList<>();
        final List<YamlValue.Field> fields = new ArrayList<>();
        final Set<String> names = new HashSet<>();
        Optional<YamlValue.Scalar> pending = Optional.empty();

        Open(boolean mapping, int line) {
            this.mapping = mapping;
            this.line = line;
        }

        YamlValue closed() {
            return mapping ? new YamlValue.Fields(fields, line) : new YamlValue.Items(items, line);
        }
    }

    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1;
        final transient YamlProblem problem;

        Refused(int line, String message) {
            super(message, null, false, false);
            problem = YamlProblem.invalidYaml(line, message);
        }
    }

    private YamlReader() {}

    static Reading read(byte[] text) {
        if (text.length > FleetYaml.MAX_BYTES) {
            return malformed(0, "larger than " + FleetYaml.MAX_BYTES + " bytes");
        }
        try {
            var characters = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
            var reader = new YamlReader();
            var settings = LoadSettings.builder().setLabel("fleet.yaml").setUseMarks(true)
                    .setCodePointLimit(FleetYaml.MAX_BYTES).build();
            for (var event : new Parse(settings).parseString(characters)) {
                reader.take(event);
            }
            return reader.root.<Reading>map(Reading.Read::new)
                    .orElseGet(() -> malformed(0, "the text is empty"));
        } catch (CharacterCodingException notUtf8) {
            return malformed(0, "not UTF-8");
        } catch (Refused refused) {
            return new Reading.Malformed(refused.problem);
        } catch (MarkedYamlEngineException marked) {
            var line = marked.getProblemMark().or(marked::getContextMark).map(mark -> mark.getLine() + 1).orElse(0);
            return malformed(line, marked.getProblem());
        } catch (YamlEngineException unmarked) {
            return malformed(0, "not YAML: " + unmarked.getMessage());
        }
    }

    private static Reading malformed(int line, String message) {
        return new Reading.Malformed(YamlProblem.invalidYaml(line, message));
    }

    private void take(Event event) throws Refused {
        var line = event.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
        switch (event) {
            case DocumentStartEvent _ -> beginDocument(line);
            case AliasEvent _ -> throw new Refused(line, "aliases (*name) are not supported");
            case NodeEvent node when node.getAnchor().isPresent() ->
                throw new Refused(line, "anchors (&name) are not supported");
            case ScalarEvent scalar -> scalar(scalar, line);
            case MappingStartEvent start -> begin(start.getTag().isPresent(), true, line);
            case SequenceStartEvent start -> begin(start.getTag().isPresent(), false, line);
            case CollectionEndEvent _ -> place(open.pop().closed());
            default -> { }
        }
    }

    private void beginDocument(int line) throws Refused {
        if (++documents > 1) {
            throw new Refused(line, "more than one document in the text");
        }
    }

    private void scalar(ScalarEvent scalar, int line) throws Refused {
        refuseTag(scalar.getTag().isPresent(), line);
        place(new YamlValue.Scalar(scalar.getValue(), scalar.isPlain(), line));
    }

    private void begin(boolean tagged, boolean mapping, int line) throws Refused {
        refuseTag(tagged, line);
        if (open.size() == MAX_DEPTH) {
            throw new Refused(line, "nested deeper than " + MAX_DEPTH);
        }
        open.push(new Open(mapping, line));
    }

    private static void refuseTag(boolean tagged, int line) throws Refused {
        if (tagged) {
            throw new Refused(line, "tags (!name) are not supported");
        }
    }

    private void place(YamlValue node) throws Refused {
        if (++nodes > MAX_NODES) {
            throw new Refused(node.line(), "more than " + MAX_NODES + " values");
        }
        if (open.isEmpty()) {
            root = Optional.of(node);
            return;
        }
        var top = open.peek();
        if (!top.mapping) {
            top.items.add(node);
        } else if (top.pending.isPresent()) {
            var name = top.pending.get();
            top.fields.add(new YamlValue.Field(name.text(), name.line(), node));
            top.pending = Optional.empty();
        } else if (node instanceof YamlValue.Scalar name && top.names.add(name.text())) {
            top.pending = Optional.of(name);
        } else if (node instanceof YamlValue.Scalar name) {
            throw new Refused(node.line(), "field '" + name.text() + "' is written twice");
        } else {
            throw new Refused(node.line(), "a field name must be a word");
        }
    }
}
