/// Downloads and installs: written behind the answers, read by the API and by pages.
package cambium.server.repository.statistics;
