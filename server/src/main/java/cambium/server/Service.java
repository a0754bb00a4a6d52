package cambium.server;

import cambium.server.config.Role;

/// Work in the background, begun where its role runs once HTTP answers. The feature it belongs to ends it when it is
/// closed, which is before the database is.
record Service(String name, Role role, Runnable start) {}
