package cambium.server.access.openid;

/// What came of a sign-in at the provider.
public sealed interface Answered {
    /// The provider vouches for this person, and its word was checked.
    record Known(Person person) implements Answered {}

    /// Nobody is signed in. The reason is for the one who tried; it holds no secret.
    record Denied(String reason) implements Answered {}

    /// The provider did not answer, or not with anything that can be read; another try may go better.
    record Unreachable(String reason) implements Answered {}
}
