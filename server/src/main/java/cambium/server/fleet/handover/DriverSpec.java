package cambium.server.fleet.handover;

/// What a driver's folder on this machine says: how its steps are carried out. Written by the machine's administrator,
/// never by the API.
public sealed interface DriverSpec {
    Technology technology();

    /// A program per step stands in the folder itself.
    record Process() implements DriverSpec {
        @Override
        public Technology technology() {
            return Technology.PROCESS;
        }
    }

    /// Cells follow by themselves.
    record Pull() implements DriverSpec {
        @Override
        public Technology technology() {
            return Technology.PULL;
        }
    }
}
