/// Tells other servers what happens: the webhooks of repositories and of the fleet, by whatever log of events.
package cambium.server.webhook;
