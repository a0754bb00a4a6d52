/// What a machine asks about this process: is it alive, can it work, its figures, and what it answers.
package cambium.server.health;
