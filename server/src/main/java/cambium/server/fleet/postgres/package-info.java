/// The fleet's store in PostgreSQL.
package cambium.server.fleet.postgres;
