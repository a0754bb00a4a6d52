package cambium.server.http;

import java.util.Optional;

/// What can be known about a request before its body is read.
public interface RequestHead {
    Method method();

    /// The first field of that name.
    Optional<String> header(String name);

    /// The address that the connection came from, without the port.
    String remoteAddress();

    /// The Host that the client asked for, with its port where it named one.
    String host();
}
