/// The main job on one machine: a small real web service, ten local cells, three versions.
package cambium.demo;
