/// What was handed over to drivers, kept in PostgreSQL, and which driver carries what.
package cambium.server.fleet.handover;
