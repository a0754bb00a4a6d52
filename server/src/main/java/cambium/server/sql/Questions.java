package cambium.server.sql;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// One question to the database for all that many threads want to know in the same moment, such as whose tokens a
/// thousand cells show; whoever asks alone is answered at once. Fails for each of them as the question does.
public final class Questions<K, V> {
    /// Of one question.
    public static final int MOST = 100;

    private final Batches<Asked<K, V>> batches;

    private static final class Asked<K, V> {
        private final K key;
        private Optional<V> answer = Optional.empty();

        Asked(K key) {
            this.key = key;
        }
    }

    /// @param ask is never called by two threads at once; with keys that may be equal, at most [#MOST]; answers those
    ///        that there are
    public Questions(Function<List<K>, Map<K, V>> ask) {
        this.batches = new Batches<>(MOST, all -> {
            var answers = ask.apply(all.stream().map(each -> each.key).toList());
            all.forEach(each -> each.answer = Optional.ofNullable(answers.get(each.key)));
        });
    }

    public Optional<V> of(K key) {
        var asked = new Asked<K, V>(key);
        batches.bring(asked);
        return asked.answer;
    }
}
