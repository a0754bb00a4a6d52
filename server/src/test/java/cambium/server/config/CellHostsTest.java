package cambium.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CellHostsTest {
    private static boolean allows(String list, String host, String address) {
        return CellHosts.parse(list).orElseThrow().allows(host, InetAddress.ofLiteral(address));
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.0/9,a,10.127.255.255,true", "10.0.0.0/9,a,10.128.0.0,false", "10.0.0.7,a,10.0.0.7,true",
        "10.0.0.7,a,10.0.0.6,false", "fd00:1::/32,a,fd00:1::9,true", "fd00:1::/32,a,fd00:2::9,false",
        "0.0.0.0/0,a,::1,false", "10.0.0.0/8,a,::ffff:10.0.0.1,true", "*.c.example,A.C.example,192.0.2.1,true",
        "*.c.example,c.example,192.0.2.1,false", "*.c.example,evilc.example,192.0.2.1,false",
        "c.example,c.example,192.0.2.1,true", "c.example,c.example.org,192.0.2.1,false"})
    void allowsWhatIsOnTheListAndNothingElse(String list, String host, String address, boolean isAllowed) {
        assertEquals(isAllowed, allows(list, host, address));
    }

    @ParameterizedTest
    @ValueSource(strings = {"169.254.169.254", "fe80::1", "fd00:ec2::254", "224.0.0.1", "100.100.100.200",
        "168.63.129.16", "::ffff:169.254.169.254"})
    void neverAllowsWhereCloudsTellSecrets(String address) {
        assertFalse(allows("", "a", address));
        assertFalse(allows("a, 0.0.0.0/0, ::/0", "a", address));
    }

    @Test
    void anEmptyListAllowsPrivateNetworksAndThisMachine() {
        assertTrue(allows("", "a", "127.0.0.1") && allows("", "a", "10.0.0.1") && allows("", "a", "8.8.8.8"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/33", "10.0.0.0/-1", "10.0.0/8", "fd00::/129", "a/8", "*", "*.", "a b;c",
        "http://a"})
    void refusesWhatIsNoHostAndNoNetwork(String text) {
        assertEquals(Optional.empty(), CellHosts.parse(text));
    }
}
