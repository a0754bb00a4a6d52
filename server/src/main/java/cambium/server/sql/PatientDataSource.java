package cambium.server.sql;

import java.net.ConnectException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ThreadLocalRandom;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Connects, again and again while PostgreSQL is away: after half a second at most, as chance chooses, so that the
/// first connection is there soon after it is back, and those of many processes come one after another. The pool above
/// would try ever more rarely, up to every 5 s. Whoever waits for a connection gives up by the pool's own bound.
final class PatientDataSource extends PGSimpleDataSource {
    static final int MOST_MILLIS = 500;
    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(PatientDataSource.class);

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        for (var tries = 1;; tries++) {
            try {
                var connection = super.getConnection(user, password);
                if (tries > 1) {
                    LOG.info("database: it is back");
                }
                return connection;
            } catch (SQLException away) {
                if (!isAway(away)) {
                    throw away;
                }
                if (tries == 1) {
                    LOG.warn("database: it is away and tried again: {}", away.getMessage());
                }
                pause(away);
            }
        }
    }

    /// The pool interrupts when it is closed.
    private static void pause(SQLException away) throws SQLException {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(MOST_MILLIS / 2, MOST_MILLIS + 1));
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            throw away;
        }
    }

    /// Refused by the machine, or ending or starting; wrong credentials or a wrong certificate, say, are told at once.
    private static boolean isAway(SQLException e) {
        return e.getCause() instanceof ConnectException
                || e.getSQLState() != null && e.getSQLState().startsWith("57P0");
    }
}
