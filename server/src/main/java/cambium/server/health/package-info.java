/// What a machine asks about this process: is it alive, can it work, and its figures.
package cambium.server.health;
