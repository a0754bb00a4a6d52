/// The example product: a small web shop that keeps orders in a database file of its own and migrates it by itself.
/// It knows nothing of the rest; it is what the packages of the demo carry.
package cambium.demo.storefront;
