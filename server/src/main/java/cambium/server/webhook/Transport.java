package cambium.server.webhook;

import cambium.server.http.Refused;
import java.time.Duration;

/// What carries deliveries to addresses of one kind.
public interface Transport {
    /// One delivery.
    ///
    /// @param name the same whenever the same events are sent to the same webhook again
    record Delivery(long webhook, String name, String address, byte[] secret, EventLog.Told told) {
        @Override
        public String toString() {
            return "Delivery(" + name + ")";
        }
    }

    /// What became of a delivery.
    sealed interface Outcome {
        /// What the receiver answered, or why nothing is known of it.
        default String said() {
            return switch (this) {
                case Taken(String answer) -> answer;
                case NotTaken(String reason) -> reason;
                case Unclear(String reason) -> reason;
                case Refusal(String reason) -> reason;
            };
        }

        record Taken(String answer) implements Outcome {}

        /// Nothing was handed over. Tried again later, with what waits by then.
        record NotTaken(String reason) implements Outcome {}

        /// Nobody can tell whether it was taken: the same is sent again, under the same name.
        record Unclear(String reason) implements Outcome {}

        /// The other side says that it will never take anything for this address.
        record Refusal(String reason) implements Outcome {}
    }

    /// The address as it is kept; [Refused] where it cannot be meant or is not allowed.
    String checked(String address);

    /// Of events that one delivery may tell.
    int mostEvents();

    /// How long one receiver is left alone after a delivery, so that what happens meanwhile comes in one.
    Duration rest();

    /// Ends within [Webhooks#CLAIM].
    Outcome carry(Delivery delivery) throws InterruptedException;
}
