/// Tells Alertmanagers what somebody has to know of.
package cambium.server.fleet.alert;
