package cambium.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// A JSON value, small enough to load in milliseconds: the command line only reads answers and writes a few fields.
/// Reading what is not there gives nothing rather than an error, so an older command line can print a newer
/// server's answer.
sealed interface Json {
    JsonFactory FACTORY = new JsonFactory();

    record Text(String value) implements Json {}

    /// Kept as written, so no digit is lost.
    record Number(String digits) implements Json {}

    record Flag(boolean value) implements Json {}

    record Nothing() implements Json {}

    record Items(List<Json> values) implements Json {}

    record Fields(SequencedMap<String, Json> values) implements Json {

        Fields with(String name, String value) {
            return with(name, new Text(value));
        }

        Fields with(String name, Json value) {
            var copy = new LinkedHashMap<>(values);
            copy.put(name, value);
            return new Fields(copy);
        }
    }

    static Fields fields() {
        return new Fields(new LinkedHashMap<>());
    }

    /// @throws IOException when the text is not one JSON value
    static Json parse(byte[] utf8) throws IOException {
        try (var parser = FACTORY.createParser(utf8)) {
            parser.nextToken();
            return read(parser);
        }
    }

    private static Json read(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == null) {
            throw new IOException("empty");
        }
        return switch (token) {
            case START_OBJECT -> {
                var values = new LinkedHashMap<String, Json>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    values.put(name, read(parser));
                }
                yield new Fields(values);
            }
            case START_ARRAY -> {
                var values = new ArrayList<Json>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    values.add(read(parser));
                }
                yield new Items(values);
            }
            case VALUE_STRING -> new Text(parser.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Number(parser.getText());
            case VALUE_TRUE -> new Flag(true);
            case VALUE_FALSE -> new Flag(false);
            case VALUE_NULL -> new Nothing();
            case END_ARRAY, END_OBJECT, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
                    throw new IOException("unexpected " + token);
        };
    }

    default Json at(String name) {
        return this instanceof Fields(var values) ? values.getOrDefault(name, new Nothing()) : new Nothing();
    }

    default List<Json> items(String name) {
        return at(name) instanceof Items(var values) ? values : List.of();
    }

    /// The value of a field as words: empty when absent or null.
    default String text(String name) {
        return at(name).words();
    }

    default Optional<String> find(String name) {
        return Optional.of(text(name)).filter(word -> !word.isEmpty());
    }

    default String words() {
        return switch (this) {
            case Text(var value) -> value;
            case Number(var digits) -> digits;
            case Flag(var value) -> String.valueOf(value);
            case Nothing() -> "";
            case Items(var values) -> String.join(", ", values.stream().map(Json::words).toList());
            case Fields(var values) -> String.join(", ", values.entrySet().stream()
                    .map(field -> field.getKey() + "=" + field.getValue().words()).toList());
        };
    }

    default String write() {
        var text = new StringWriter();
        try (var generator = FACTORY.createGenerator(text)) {
            writeTo(generator);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }

    private void writeTo(JsonGenerator generator) throws IOException {
        switch (this) {
            case Text(var value) -> generator.writeString(value);
            case Number(var digits) -> generator.writeNumber(digits);
            case Flag(var value) -> generator.writeBoolean(value);
            case Nothing() -> generator.writeNull();
            case Items(var values) -> {
                generator.writeStartArray();
                for (Json value : values) {
                    value.writeTo(generator);
                }
                generator.writeEndArray();
            }
            case Fields(var values) -> {
                generator.writeStartObject();
                for (var field : values.entrySet()) {
                    generator.writeFieldName(field.getKey());
                    field.getValue().writeTo(generator);
                }
                generator.writeEndObject();
            }
        }
    }
}
