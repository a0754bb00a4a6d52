/// The fleet's store in memory, for simulations and tests; it keeps the same contract as the one in PostgreSQL.
package cambium.server.fleet.memory;
