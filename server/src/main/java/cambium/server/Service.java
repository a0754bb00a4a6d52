package cambium.server;

import cambium.server.config.Role;

/// Work in the background. It is started where its role runs, after HTTP answers, and stopped before the database is.
record Service(String name, Role role, Action start, Action stop) {
    /// Starts or stops; `stop` returns when nothing of it runs any more.
    @FunctionalInterface
    interface Action {
        void run() throws Exception;
    }
}
