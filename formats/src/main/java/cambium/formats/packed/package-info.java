/// Compressed streams inside packages, expanded within bounds however hostile they are: [PackedForm] is the door.
package cambium.formats.packed;
