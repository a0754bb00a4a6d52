package cambium.server.access;

import cambium.server.sql.Database;
import cambium.server.sql.Questions;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jooq.Record;

/// Looks tokens up by their SHA-256, which whoever guesses cannot steer. What a crowd shows at once is one question.
public final class BySha256<T> {
    private final Questions<String, T> questions;

    /// @param ask finds the rows of all those hashes, with the hash of each as `sha256`, in one statement
    public BySha256(Database database, BiFunction<DSLContext, byte[][], List<? extends Record>> ask,
            Function<Record, T> token) {
        questions = new Questions<>(asked -> {
            var hashes = asked.stream().map(HexFormat.of()::parseHex).toArray(byte[][]::new);
            return database.ask(sql -> ask.apply(sql, hashes)).stream().collect(Collectors.toMap(
                    row -> HexFormat.of().formatHex(row.get("sha256", byte[].class)), token));
        });
    }

    public Optional<T> find(byte[] sha256) {
        return questions.of(HexFormat.of().formatHex(sha256));
    }
}
