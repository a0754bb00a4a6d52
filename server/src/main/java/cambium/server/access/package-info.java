/// Who asks, and what they may do: tokens, sessions, permissions, and the master key that seals what must stay secret.
package cambium.server.access;
