package cambium.server.config;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// On which hosts and networks cells may be looked at. `names` in lower case, `*.` before one means all names below it.
/// Empty: everywhere. Link-local and multicast addresses, and those where clouds tell their machines secrets, are never
/// allowed.
public record CellHosts(Set<String> names, Set<Network> networks) {
    public static final CellHosts ANY = new CellHosts(Set.of(), Set.of());
    private static final String NAME = "(\\*\\.)?[a-z0-9_]([a-z0-9._-]{0,252})";
    private static final int BITS_PER_BYTE = 8;
    /// Of Amazon, Alibaba and Azure, beside the link-local one that all have.
    private static final Set<InetAddress> METADATA = Stream.of("fd00:ec2::254", "100.100.100.200", "168.63.129.16")
            .map(InetAddress::ofLiteral).collect(Collectors.toUnmodifiableSet());

    public CellHosts {
        names = Set.copyOf(names);
        networks = Set.copyOf(networks);
    }

    /// The addresses that begin with the same bits.
    public record Network(InetAddress address, int bits) {
        boolean holds(InetAddress other) {
            var ours = address.getAddress();
            var theirs = other.getAddress();
            if (ours.length != theirs.length) {
                return false;
            }
            for (var bit = 0; bit < bits; bit++) {
                var mask = 0x80 >> bit % BITS_PER_BYTE;
                if (((ours[bit / BITS_PER_BYTE] ^ theirs[bit / BITS_PER_BYTE]) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public String toString() {
            return address.getHostAddress() + "/" + bits;
        }
    }

    /// From names, addresses and networks with commas between them; empty where one of them is none of these.
    public static Optional<CellHosts> parse(String text) {
        var names = new TreeSet<String>();
        var networks = Set.<Network>of();
        try {
            var parts = Stream.of(text.toLowerCase(Locale.ROOT).split("[, ]+"))
                    .filter(part -> !part.isEmpty()).toList();
            networks = parts.stream().filter(CellHosts::isNumeric).map(CellHosts::network)
                    .collect(Collectors.toUnmodifiableSet());
            parts.stream().filter(part -> !isNumeric(part)).forEach(names::add);
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
        return names.stream().allMatch(name -> name.matches(NAME)) ? Optional.of(new CellHosts(names, networks))
                : Optional.empty();
    }

    private static boolean isNumeric(String part) {
        return part.contains(":") || part.matches("[0-9./]+");
    }

    private static Network network(String part) {
        var slash = part.indexOf('/');
        var literal = slash < 0 ? part : part.substring(0, slash);
        if (!literal.contains(":") && !literal.matches("[0-9]+(\\.[0-9]+){3}")) {
            throw new IllegalArgumentException("an address of IPv4 has four numbers");
        }
        var address = InetAddress.ofLiteral(literal);
        var most = address.getAddress().length * BITS_PER_BYTE;
        var bits = slash < 0 ? most : Integer.parseInt(part.substring(slash + 1));
        if (bits < 0 || bits > most) {
            throw new IllegalArgumentException("no length of a network: " + bits);
        }
        return new Network(address, bits);
    }

    /// Whether a cell may be looked at there. `host` as it stands in the cell's address.
    public boolean allows(String host, InetAddress address) {
        if (address.isLinkLocalAddress() || address.isMulticastAddress() || METADATA.contains(address)) {
            return false;
        }
        var name = host.toLowerCase(Locale.ROOT);
        return names.isEmpty() && networks.isEmpty() || networks.stream().anyMatch(network -> network.holds(address))
                || names.contains(name)
                || names.stream().anyMatch(each -> each.startsWith("*.") && name.endsWith(each.substring(1)));
    }

    @Override
    public String toString() {
        var all = Stream.concat(names.stream(), networks.stream().map(Network::toString)).sorted().toList();
        return all.isEmpty() ? "any" : String.join(",", all);
    }
}
