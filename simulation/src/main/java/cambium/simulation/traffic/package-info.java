/// Made-up measurements of cells under known circumstances, for trying judges whose answers can be checked.
package cambium.simulation.traffic;
