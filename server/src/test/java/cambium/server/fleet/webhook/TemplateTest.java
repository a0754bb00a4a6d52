package cambium.server.fleet.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TemplateTest {
    private final Template template = new Template(name -> Optional.ofNullable(Map.of(
            "quote", "a\"}, \"admin\": true, \"x\": \"ü\\", "place", "a/../b?c=d&e#f g+h", "again", "${secret}",
            "secret", "hidden", "lines", "one\r\nX-Evil: yes", "dollar", "$1\\").get(name)));

    private String json(String text) throws Unusable {
        return new String(template.json(text.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }

    @Test
    void aValueStaysInsideItsPlaceOfAnAddress() throws Exception {
        assertEquals("https://h/x/a%2F..%2Fb%3Fc%3Dd%26e%23f%20g%2Bh/y?q=a%2F..%2Fb%3Fc%3Dd%26e%23f%20g%2Bh",
                template.url("https://h/x/${place}/y?q=${place}"));
        assertEquals("a=one%0D%0AX-Evil%3A%20yes&b=x", template.form("a=${lines}\n  &b=x\n"));
    }

    @Test
    void aValueInJsonIsNeverMoreThanAText() throws Exception {
        assertEquals("{\"a\":\"<a\\\"}, \\\"admin\\\": true, \\\"x\\\": \\\"ü\\\\>\",\"n\":[1,\"$1\\\\\",null,true]}",
                json("{\"a\": \"<${quote}>\", \"n\": [1, \"${dollar}\", null, true]}"));
        assertTrue(assertThrows(Unusable.class, () -> json("{\"a\": ${quote}}")).getMessage().contains("JSON"));
    }

    @Test
    void whatWasPutInIsNotLookedAtAgain() throws Exception {
        assertEquals("${secret}", template.plain("${again}"));
        assertEquals("$1\\ $ {secret} hidden", template.plain("${dollar} $ {secret} ${secret}"));
    }

    @Test
    void aHeaderHoldsNoLineEnd() {
        assertThrows(Unusable.class, () -> template.header("v ${lines}"));
    }

    @Test
    void aNameThatStandsForNothingIsToldAndNotLeftOut() {
        var unusable = assertThrows(Unusable.class, () -> template.plain("x ${nobody} y"));
        assertEquals("there is no ${nobody} here", unusable.getMessage());
    }
}
