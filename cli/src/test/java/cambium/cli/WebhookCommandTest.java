package cambium.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WebhookCommandTest {
    private static final String PATH = "/api/fleet/webhooks";

    private final RecordingServer server = new RecordingServer();
    private final Operator operator = Operator.at(server);

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void addsAWebhookOfTheFleetForTheKindsThatAreNamed() {
        server.answer("POST " + PATH, 201, "{\"id\":7,\"secret\":\"abc\"}");
        var result = operator.types("webhook", "add", "fleet", "https://chat.example/hook", "--kinds",
                "VersionBlocked,PageRaised");
        assertEquals("webhook 7; its secret, shown this once:\n  abc\n", result.out(), result.err());
        assertEquals("{\"url\":\"https://chat.example/hook\",\"kinds\":\"VersionBlocked,PageRaised\"}",
                server.asked().getLast().body());
    }

    @Test
    void saysThatThereIsNone() {
        server.answer("GET " + PATH, 200, "{\"webhooks\":[]}");
        assertEquals("none\n", operator.types("webhook", "list", "fleet").out());
    }

    @Test
    void listsThemWithTheirLastAnswerAndRemovesOne() {
        server.answer("GET " + PATH, 200, "{\"webhooks\":[{\"id\":7,\"url\":\"https://chat.example/hook\",\"kinds\":"
                + "[\"PageRaised\"],\"created_by\":\"olga\",\"failed_tries\":3,\"last_at\":\"2026-11-21T12:00:00Z\","
                + "\"last_result\":\"answered 503\"}]}");
        var listed = operator.types("webhook", "list", "fleet").out();
        assertTrue(listed.contains("PageRaised") && listed.contains("answered 503") && listed.contains("olga"), listed);
        server.answer("DELETE " + PATH + "/7", 200, "{}");
        assertEquals("webhook 7 is gone\n", operator.types("webhook", "remove", "fleet", "7").out());
    }

    @Test
    void addsARecipientOfMailWithoutASecretAndTellsWhoIsToldNothingMore() {
        server.answer("POST " + PATH, 201, "{\"id\":8}");
        assertEquals("webhook 8\n", operator.types("webhook", "add", "fleet", "mailto:ops@example.org").out());
        assertEquals("{\"url\":\"mailto:ops@example.org\"}", server.asked().getLast().body());
        server.answer("GET " + PATH, 200, "{\"webhooks\":[{\"id\":8,\"url\":\"mailto:ops@example.org\",\"kinds\":[],"
                + "\"created_by\":\"olga\",\"failed_tries\":24,\"stopped\":true,\"last_at\":\"2026-11-21T12:00:00Z\","
                + "\"last_result\":\"the mail server says of the address: 550 no such person\"}]}");
        var listed = operator.types("webhook", "list", "fleet").out();
        assertTrue(listed.contains("550 no such person") && listed.contains("24, stopped"), listed);
    }

    @Test
    void testsOneAndEndsAsRefusedWhereItIsNotTaken() {
        server.answer("POST " + PATH + "/7/test", 200, "{\"taken\":true,\"result\":\"answered 204\"}");
        var taken = operator.types("webhook", "test", "fleet", "7");
        assertEquals("0 webhook 7 took it: answered 204\n", taken.code() + " " + taken.out());
        server.answer("POST " + PATH + "/8/test", 200, "{\"taken\":false,\"result\":\"answered 500\"}");
        var refused = operator.types("webhook", "test", "fleet", "8");
        assertEquals("1 webhook 8 did not take it: answered 500\n", refused.code() + " " + refused.out());
    }

    @Test
    void asksNothingWhereKindsCannotBeMeant() {
        var result = operator.types("webhook", "add", "acme/shop", "https://chat.example/hook", "--kinds", "x");
        assertEquals(2, result.code());
        assertTrue(result.err().contains("webhook add fleet"), result.err());
        assertTrue(server.asked().isEmpty());
    }
}
