package cambium.server.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NumericNode;
import java.io.IOException;

/// The one reader and writer of JSON. Reading is strict: doubled keys, NaN, trailing text, depth beyond 64, and numbers
/// beyond 64 digits or beyond what a double holds are refused with 400 `invalid_json`.
public final class Json {
    private static final int MAX_DEPTH = 64;
    private static final int MAX_NUMBER_DIGITS = 64;
    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNumberLength(MAX_NUMBER_DIGITS)
                            .build())
                    .build())
            .nodeFactory(new FiniteNumbers())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    private Json() {}

    /// `1e999` is well formed, but Java would take it for the infinite, and its text for a name.
    private static final class FiniteNumbers extends JsonNodeFactory {
        private static final long serialVersionUID = 1;

        @Override
        public NumericNode numberNode(double value) {
            if (!Double.isFinite(value)) {
                throw new Refused(400, "invalid_json", "the body has a number that is too large");
            }
            return super.numberNode(value);
        }
    }

    /// Writes maps, lists, records and nodes; map order is kept.
    public static byte[] write(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer cannot be written as JSON: " + value.getClass(), e);
        }
    }

    /// The tree of a JSON text, or [Refused] with 400 `invalid_json`.
    public static JsonNode read(byte[] text) {
        try {
            var node = MAPPER.readTree(text);
            if (node == null || node.isMissingNode()) {
                throw new Refused(400, "invalid_json", "the body is empty; JSON was expected");
            }
            return node;
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            var place = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
            throw new Refused(400, "invalid_json", "the body is not acceptable JSON" + place);
        } catch (IOException e) {
            throw new IllegalStateException("reading bytes from memory failed", e);
        }
    }
}
