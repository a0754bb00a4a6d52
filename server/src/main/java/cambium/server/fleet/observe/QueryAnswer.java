package cambium.server.fleet.observe;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Reads the answer of an instant query: `{"status":"success","data":{"resultType":"vector","result":[…]}}`, piece by
/// piece, since the answer for thousands of cells is long. An answer with warnings may be partial and counts for none.
final class QueryAnswer {
    static final int MAX_BYTES = 16 << 20;
    static final int MAX_SERIES = 200_000;
    private static final JsonFactory JSON = JsonFactory.builder().streamReadConstraints(StreamReadConstraints.builder()
            .maxNestingDepth(20).maxStringLength(10_000).maxNameLength(1_000).build()).build();

    private boolean success;
    private boolean vector;
    private boolean warned;
    private final List<Series> series = new ArrayList<>();

    /// @param at when the server evaluated it, in its own seconds since 1970
    /// @param value NaN where it is not a number
    record Series(Map<String, String> labels, double at, double value) {}

    /// What became of a body.
    sealed interface Reading {
        record Read(List<Series> series) implements Reading {
            public Read {
                series = List.copyOf(series);
            }
        }

        record Unusable(String reason) implements Reading {}
    }

    private QueryAnswer() {}

    static Reading read(byte[] body) {
        var answer = new QueryAnswer();
        try (var json = JSON.createParser(body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return new Reading.Unusable("answers something else than a query's result");
            }
            answer.root(json);
        } catch (IOException notJson) {
            return new Reading.Unusable("answers something else than a query's result");
        } catch (TooMany tooMany) {
            return new Reading.Unusable("answers more than " + MAX_SERIES + " series");
        }
        if (answer.warned) {
            return new Reading.Unusable("warns that its answer may not be whole");
        }
        return answer.success && answer.vector ? new Reading.Read(answer.series)
                : new Reading.Unusable("answers something else than a vector of series");
    }

    private static final class TooMany extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private void root(JsonParser json) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            var name = json.currentName();
            var token = json.nextToken();
            switch (name) {
                case "status" -> success = token == JsonToken.VALUE_STRING && json.getText().equals("success");
                case "warnings" -> {
                    warned |= token != JsonToken.START_ARRAY || json.nextToken() != JsonToken.END_ARRAY;
                    skipArray(json);
                }
                case "data" -> data(json, token);
                default -> json.skipChildren();
            }
        }
    }

    private static void skipArray(JsonParser json) throws IOException {
        while (json.currentToken() != JsonToken.END_ARRAY && json.currentToken() != null) {
            json.skipChildren();
            json.nextToken();
        }
    }

    private void data(JsonParser json, JsonToken first) throws IOException {
        if (first != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            var name = json.currentName();
            var token = json.nextToken();
            if (name.equals("resultType")) {
                vector = token == JsonToken.VALUE_STRING && json.getText().equals("vector");
            } else if (name.equals("result") && token == JsonToken.START_ARRAY) {
                while (json.nextToken() == JsonToken.START_OBJECT) {
                    one(json);
                }
            } else {
                json.skipChildren();
            }
        }
    }

    private void one(JsonParser json) throws IOException {
        var labels = new TreeMap<String, String>();
        double at = Double.NaN;
        double value = Double.NaN;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            var name = json.currentName();
            var token = json.nextToken();
            if (name.equals("metric") && token == JsonToken.START_OBJECT) {
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    var label = json.currentName();
                    json.nextToken();
                    labels.put(label, json.getText());
                }
            } else if (name.equals("value") && token == JsonToken.START_ARRAY) {
                json.nextToken();
                at = number(json.getText());
                json.nextToken();
                value = number(json.getText());
                json.nextToken();
                skipArray(json);
            } else {
                json.skipChildren();
            }
        }
        if (series.size() == MAX_SERIES) {
            throw new TooMany();
        }
        series.add(new Series(labels, at, value));
    }

    private static double number(String text) {
        return text.matches("-?[0-9]{1,25}(\\.[0-9]{1,25})?([eE][+-]?[0-9]{1,3})?") ? Double.parseDouble(text)
                : Double.NaN;
    }
}
