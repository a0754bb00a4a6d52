package cambium.server.fleet.handover;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// A run of a pipeline for each attempt, begun by an HTTP request. Texts hold `${NAME}` where a variable goes; the host
/// of an address never does. Files are beside `driver.yaml`.
///
/// @param hosts in lower case, those that may lead to a private address
/// @param run JSON pointer to the run's name in the answer to `start`
/// @param callback file with the secret by which the pipeline signs what it tells
public record WebhookSpec(Set<String> hosts, Request start, Optional<String> run, Optional<Find> find,
        Optional<Poll> poll, Optional<String> callback, Optional<Request> cancel) implements DriverSpec {
    public WebhookSpec {
        hosts = Set.copyOf(hosts);
    }

    /// @param body file with the body
    public record Request(String method, String url, SortedMap<String, String> headers, Optional<String> body) {
        public Request {
            headers = Collections.unmodifiableSortedMap(new TreeMap<>(headers));
        }
    }

    /// How the run of an attempt is found when the answer to its start does not name it, or was lost.
    ///
    /// @param list pointer to the list of runs; empty where the answer itself is the list
    /// @param where pointer, within a run, to the text that equals `is`
    /// @param run pointer, within a run, to its name
    /// @param within after this time, a run that was not found is lost
    public record Find(Request request, String list, String where, String is, String run, Duration within) {}

    /// @param state pointers; the first that leads to a text holds the state
    /// @param reason pointer to why it failed
    /// @param tell pointers to what is shown to people
    public record Poll(Request request, Duration every, List<String> state, Words words, Optional<String> reason,
            List<String> tell) {
        public Poll {
            state = List.copyOf(state);
            tell = List.copyOf(tell);
        }
    }

    /// What the words of the pipeline mean. A word that stands nowhere ends nothing.
    public record Words(Set<String> running, Set<String> succeeded, Set<String> failed, Set<String> cancelled) {
        public Words {
            running = Set.copyOf(running);
            succeeded = Set.copyOf(succeeded);
            failed = Set.copyOf(failed);
            cancelled = Set.copyOf(cancelled);
        }
    }

    @Override
    public Technology technology() {
        return Technology.WEBHOOK;
    }
}
