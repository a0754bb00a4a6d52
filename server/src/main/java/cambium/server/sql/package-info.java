/// PostgreSQL: the child process of our own, connections, transactions, notices and migrations.
package cambium.server.sql;
