package cambium.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AuditCommandTest {
    private static final String PAGE = "GET /api/fleet/events?after=%d&limit=%d";

    private final RecordingServer server = new RecordingServer();
    private final Operator operator = Operator.at(server);
    private final List<String> bodies = new ArrayList<>(List.of(
            "{\"is\":\"FleetApplied\",\"at\":\"2026-11-21T12:00:00Z\",\"by\":\"anna\",\"share\":0.3300}",
            "{\"is\":\"BrakeSet\",\"at\":\"2026-11-21T12:01:00Z\",\"why\":\"ü \\\"odd\\\" \\\\ <b>\",\"until\":null}",
            "{\"is\":\"BrakeReleased\",\"at\":\"2026-11-21T12:02:00Z\",\"cells\":[\"a\",\"b\"]}"));
    private final List<String> hashes = new ArrayList<>();

    @BeforeEach
    void chain() throws Exception {
        var before = "0".repeat(64);
        for (var body : bodies) {
            before = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256")
                    .digest((before + body).getBytes(UTF_8)));
            hashes.add(before);
        }
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String event(int number) {
        return "{\"number\":" + number + "," + bodies.get(number - 1).substring(1).replaceFirst("}$", "")
                + ",\"hash\":\"" + hashes.get(number - 1) + "\"}";
    }

    private void tells(int... numbers) {
        var events = new ArrayList<String>();
        for (var number : numbers) {
            events.add(event(number));
        }
        server.answer(PAGE.formatted(0, 500), 200, "{\"events\":[" + String.join(",", events) + "],\"revision\":3}");
        var last = numbers.length == 0 ? 0 : numbers[numbers.length - 1];
        server.answer(PAGE.formatted(last, 500), 200, "{\"events\":[],\"revision\":3}");
    }

    @Test
    void tellsHowManyTriesWereDeniedAndWhoseWasTheLast() throws Exception {
        bodies.set(2, "{\"is\":\"TryDenied\",\"at\":\"2026-11-21T12:02:00Z\",\"by\":\"robo\",\"act\":\"x\","
                + "\"target\":null,\"missing\":[\"brake\"],\"times\":12}");
        hashes.clear();
        chain();
        tells(1, 2, 3);
        var out = operator.types("audit").out();
        assertTrue(out.contains("\n12 tries were denied, the last at 2026-11-21 12:02:00"), out);
        assertTrue(out.contains(" to robo: see cambium events --kind TryDenied\nhead "), out);
    }

    private String head(int number) {
        return number + ":" + hashes.get(number - 1);
    }

    @Test
    void aLogThatNobodyChangedIsIntactAndItsHeadIsToldToBeKept() {
        tells(1, 2, 3);
        var result = operator.types("audit", "--head", head(2));
        assertEquals("3 events from 2026-11-21 12:00:00 UTC to 2026-11-21 12:02:00 UTC are as they were written, and "
                + "go on from the head that you passed.\nhead " + head(3) + "\n", result.out());
        assertEquals(0, result.code());
    }

    @Test
    void aChangedTextIsFoundAtItsEvent() {
        bodies.set(1, bodies.get(1).replace("odd", "fine"));
        tells(1, 2, 3);
        assertBroken(operator.types("audit"), 2, "was changed");
    }

    @Test
    void anEventThatIsMissingIsFound() {
        tells(1, 3);
        assertBroken(operator.types("audit"), 2, "it is missing");
    }

    @Test
    void anEndThatWasCutOffIsNotNoticedWithoutAHead() {
        tells(1, 2);
        assertEquals(0, operator.types("audit").code());
    }

    @Test
    void anEndThatWasCutOffIsNoticedByTheHead() {
        tells(1, 2);
        assertBroken(operator.types("audit", "--head", head(3)), 3, "it is missing; the log had 3 events");
    }

    @Test
    void aLogWrittenAnewIsNotTheOneOfTheHead() {
        tells(1, 2, 3);
        assertBroken(operator.types("audit", "--head", "2:" + "ab".repeat(32)), 2, "not the one of that head");
    }

    @Test
    void anEventThatTheServerItselfDoesNotBelieveIsNamed() {
        server.answer(PAGE.formatted(0, 500), 500, "{\"code\":\"internal\",\"message\":\"see the log\"}");
        server.answer(PAGE.formatted(0, 1), 200, "{\"events\":[" + event(1) + "],\"revision\":3}");
        server.answer(PAGE.formatted(1, 1), 500, "{\"code\":\"internal\",\"message\":\"see the log\"}");
        assertBroken(operator.types("audit"), 2, "does not believe it");
    }

    @Test
    void anEventIsAcceptedWithAReason() {
        server.answer("POST /api/fleet/log/accept", 200, "{\"changed\":true,\"text\":\"it goes on\"}");
        assertEquals(2, operator.types("audit", "--accept", "2").code());
        var result = operator.types("audit", "--accept", "2", "--why", "there is no backup");
        assertEquals(0, result.code(), result.err());
        assertTrue(result.out().contains("event 2 counts as it stands"), result.out());
        assertEquals(List.of("POST /api/fleet/log/accept {\"event\":\"2\",\"why\":\"there is no backup\"}"),
                server.calls());
    }

    @Test
    void machinesReadTheSame() {
        tells(1, 2, 3);
        assertEquals("{\"intact\":true,\"events\":3,\"head\":\"" + head(3) + "\",\"first_at\":\"2026-11-21T12:00:00Z\","
                + "\"last_at\":\"2026-11-21T12:02:00Z\",\"denied_tries\":0}\n",
                operator.types("audit", "--json").out());
    }

    private static void assertBroken(Operator.Result result, int number, String how) {
        assertEquals(1, result.code(), result.out());
        assertTrue(result.err().contains("broken at event " + number + ":") && result.err().contains(how),
                result.err());
        assertEquals("", result.out());
    }
}
