/// Who changed what in a repository: written by the database with each change, numbered and chained here.
package cambium.server.repository.event;
