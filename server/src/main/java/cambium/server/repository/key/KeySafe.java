package cambium.server.repository.key;

import cambium.server.access.MasterKey;

/// Seals the secrets of signing keys, so that none is ever stored open.
record KeySafe(MasterKey masterKey) {
    /// Also bound into what is sealed; never change it.
    static final String PURPOSE = "repository-signing-key";

    byte[] seal(byte[] secret) {
        return masterKey.seal(PURPOSE, secret);
    }

    byte[] open(byte[] sealed) {
        return masterKey.open(PURPOSE, sealed);
    }
}
