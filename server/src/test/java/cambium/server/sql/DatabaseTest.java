package cambium.server.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.testing.TestDatabase;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Test;

class DatabaseTest {
    @Test
    void undoesATransactionThatThrows() {
        try (var database = TestDatabase.fresh()) {
            database.transact(sql -> sql.execute("create table t (n int)"));
            assertThrows(IllegalArgumentException.class, () -> database.transact(sql -> {
                sql.execute("insert into t values (1)");
                throw new IllegalArgumentException("no");
            }));
            Object count = database.read(sql -> sql.fetchValue("select count(*)::int from t"));
            assertEquals(0, count);
        }
    }

    @Test
    void readsOneSnapshotAndCannotWrite() {
        try (var database = TestDatabase.fresh()) {
            database.transact(sql -> sql.execute("create table t (n int)"));
            var counts = database.read(sql -> {
                var before = sql.fetchValue("select count(*)::int from t");
                database.transact(other -> other.execute("insert into t values (1)"));
                return java.util.List.of(before, sql.fetchValue("select count(*)::int from t"));
            });
            assertEquals(java.util.List.of(0, 0), counts);
            assertThrows(DataAccessException.class,
                    () -> database.read(sql -> sql.execute("insert into t values (2)")));
        }
    }

    @Test
    void whatIsAskedAloneCannotWriteEitherAndLeavesItsConnectionToTransactions() {
        try (var database = TestDatabase.fresh(); var one = database.apart(1)) {
            one.transact(sql -> sql.execute("create table t (n int)"));
            assertThrows(DataAccessException.class, () -> one.ask(sql -> sql.execute("insert into t values (1)")));
            assertEquals(0, (int) one.ask(sql -> (Integer) sql.fetchValue("select count(*)::int from t")));
            var counts = one.read(sql -> {
                var before = sql.fetchValue("select count(*)::int from t");
                one.transact(other -> other.execute("insert into t values (1)"));
                return java.util.List.of(before, sql.fetchValue("select count(*)::int from t"));
            });
            assertEquals(java.util.List.of(0, 0), counts, "the same connection reads one snapshot again");
            assertEquals(1, (int) one.ask(sql -> (Integer) sql.fetchValue("select count(*)::int from t")));
        }
    }

    /// As a process does that is stopped, or cut off from PostgreSQL, while it holds a lock.
    @Test
    void whoStandsStillInTheMiddleHoldsUpTheOthersForSecondsOnlyAndChangesNothing() throws Exception {
        try (var database = TestDatabase.fresh(); var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            database.transact(sql -> sql.execute("create table t (n int); insert into t values (1)"));
            var locked = new CountDownLatch(1);
            var goOn = new CountDownLatch(1);
            var still = threads.submit(() -> database.transactBriefly(sql -> {
                sql.execute("update t set n = 2");
                locked.countDown();
                await(goOn);
                return sql.execute("update t set n = 3");
            }));
            locked.await();
            int changed = database.transactBriefly(sql -> sql.execute("update t set n = n + 10"));
            assertEquals(1, changed);
            goOn.countDown();
            assertThrows(ExecutionException.class, still::get);
            int n = database.read(sql -> sql.fetchSingle("select n from t").get("n", Integer.class));
            assertEquals(11, n);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopping) {
            throw new IllegalStateException(stopping);
        }
    }

    @Test
    void connectionsApartAreFreeWhileACrowdHasTakenAllOthers() throws Exception {
        try (var database = TestDatabase.fresh(); var apart = database.apart(1);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var taken = new CountDownLatch(8);
            var goOn = new CountDownLatch(1);
            for (int i = 0; i < 8; i++) {
                threads.submit(() -> database.transact(sql -> {
                    taken.countDown();
                    await(goOn);
                    return true;
                }));
            }
            taken.await();
            try {
                var behindTheCrowd = threads.submit(() -> database.transact(sql -> sql.fetchValue("select 1")));
                assertEquals(1, (int) apart.transact(sql -> (Integer) sql.fetchValue("select 1")));
                assertFalse(behindTheCrowd.isDone(), "the others have none left");
            } finally {
                goOn.countDown();
            }
        }
    }

    @Test
    void givesEachTestADatabaseOfItsOwn() {
        try (var one = TestDatabase.fresh(); var two = TestDatabase.fresh()) {
            one.transact(sql -> sql.execute("create table only_here (n int)"));
            assertThrows(DataAccessException.class, () -> two.read(sql -> sql.fetch("select * from only_here")));
        }
    }

    @Test
    void bringsNoticesOfCommittedTransactionsOnly() throws Exception {
        try (var database = TestDatabase.fresh(); var notices = new Notices(database.address())) {
            var heard = new LinkedBlockingQueue<String>();
            notices.subscribe("news", heard::add);
            database.transact(sql -> sql.execute("select 1"));
            assertThrows(IllegalArgumentException.class, () -> database.transact(sql -> {
                Notices.notify(sql, "news", "undone");
                throw new IllegalArgumentException("no");
            }));
            String first;
            do {
                database.transact(sql -> {
                    Notices.notify(sql, "news", "done");
                    return 0;
                });
                first = heard.poll(100, TimeUnit.MILLISECONDS);
            } while (first == null || first.isEmpty());
            assertEquals("done", first);
            assertTrue(heard.stream().allMatch(text -> text.equals("done") || text.isEmpty()));
        }
    }

    @Test
    void letsACrowdWaitItsTurnWhileTheDatabaseAnswers() throws Exception {
        try (var made = TestDatabase.fresh(); var database = Database.open(made.address(), Duration.ofSeconds(2));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            // Eight at a time, half a second each: the last wait longer than the database may be silent.
            var crowd = Stream.generate(() -> threads.submit(() ->
                    database.transact(sql -> sql.fetchValue("select 1 from pg_sleep(0.5)")))).limit(48).toList();
            for (var one : crowd) {
                assertEquals(1, one.get());
            }
        }
    }

    @Test
    void refusesWhoeverComesWhileNobodyIsAnswered() throws Exception {
        var held = new CountDownLatch(1);
        try (var made = TestDatabase.fresh(); var database = Database.open(made.address(), Duration.ofMillis(500));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new CountDownLatch(8);
            for (int i = 0; i < 8; i++) {
                threads.submit(() -> retaken(database, all, held));
            }
            all.await();
            assertThrows(DatabaseFailed.class, () -> database.transact(sql -> sql.fetchValue("select 1")));
            held.countDown();
        }
    }

    /// Holds a connection; on a slow machine opening it may take several tries.
    private static Object retaken(Database database, CountDownLatch all, CountDownLatch held) {
        while (true) {
            try {
                return database.transact(_ -> {
                    all.countDown();
                    try {
                        held.await();
                    } catch (InterruptedException stopped) {
                        Thread.currentThread().interrupt();
                    }
                    return 0;
                });
            } catch (DatabaseFailed slow) {
                continue;
            }
        }
    }
}
