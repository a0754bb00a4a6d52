package cambium.acceptance.roles;

import cambium.acceptance.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Machines beside this one, each a network namespace with one cable to a switch, as this machine has one. They reach
/// 127.0.0.1 of this machine through it, and have no loopback of their own; all addresses are of 127/8, so nothing
/// leaves the machine. A cable that is pulled out of the switch keeps its light at both ends: packets vanish, and
/// nobody is told. Only root may make them: for others it says so, and all stand on this machine.
final class SwitchedMachines implements AutoCloseable {
    private static final String THIS_MACHINE = "127.0.0.1";
    private static final int FIRST_NETWORK = 64;
    private static final int NETWORKS = 64;
    private static final int ADDRESSES = 256;

    /// No two runs of this test on a machine have the same.
    private final long run = ProcessHandle.current().pid();
    private final String network = "127." + (FIRST_NETWORK + run / ADDRESSES % NETWORKS) + "." + run % ADDRESSES + ".";
    private final String hub = "cambium-" + run + "-switch";
    private final String cable = "cam" + run;
    private final List<String> namespaces = new ArrayList<>();

    private final boolean hasCables = System.getProperty("user.name").equals("root");

    private SwitchedMachines() {}

    static SwitchedMachines start() throws IOException {
        var machines = new SwitchedMachines();
        if (!machines.hasCables) {
            System.out.println("network namespaces need root: no machine is cut off here");
            return machines;
        }
        machines.add(machines.hub);
        machines.ip("-n", machines.hub, "link", "add", "switch", "type", "bridge", "forward_delay", "0");
        machines.ip("-n", machines.hub, "link", "set", "switch", "up");
        machines.ip("link", "add", machines.cable, "type", "veth", "peer", "name", "port0", "netns", machines.hub);
        machines.ip("link", "set", machines.cable, "up");
        Files.writeString(routesOfLoopback(machines.cable), "1");
        machines.plug(0);
        return machines;
    }

    boolean hasCables() {
        return hasCables;
    }

    /// The addresses of them all.
    String network() {
        return network + "0/24";
    }

    String address(int number) {
        return hasCables ? network + number : THIS_MACHINE;
    }

    /// A machine more, 1 the first.
    void addMachine(int number) throws IOException {
        if (!hasCables) {
            return;
        }
        var name = name(number);
        add(name);
        ip("-n", hub, "link", "add", "port" + number, "type", "veth", "peer", "name", "eth0", "netns", name);
        CommandRun.of("ip", "netns", "exec", name, "sh", "-c", "echo 1 >" + routesOfLoopback("eth0")).successful();
        ip("-n", name, "addr", "add", address(number) + "/32", "dev", "eth0");
        ip("-n", name, "link", "set", "eth0", "up");
        ip("-n", name, "route", "add", THIS_MACHINE, "dev", "eth0", "src", address(number));
        ip("route", "add", "unicast", address(number), "dev", cable, "src", THIS_MACHINE, "table", "local");
        plug(number);
    }

    /// What stands before a command that runs there.
    List<String> on(int number) {
        return hasCables ? List.of("ip", "netns", "exec", name(number)) : List.of();
    }

    void plug(int number) throws IOException {
        ip("-n", hub, "link", "set", "port" + number, "master", "switch", "up");
    }

    void pull(int number) throws IOException {
        ip("-n", hub, "link", "set", "port" + number, "nomaster");
    }

    private String name(int number) {
        return "cambium-" + run + "-" + number;
    }

    private void add(String namespace) throws IOException {
        ip("netns", "add", namespace);
        namespaces.add(namespace);
    }

    private static Path routesOfLoopback(String cable) {
        return Path.of("/proc/sys/net/ipv4/conf", cable, "route_localnet");
    }

    private void ip(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        CommandRun.of(command, _ -> {}).successful();
    }

    /// With the namespaces go their cables, and the routes through them.
    @Override
    public void close() throws IOException {
        for (var namespace : namespaces.reversed()) {
            ip("netns", "del", namespace);
        }
    }
}
