package cambium.simulation;

/// A mistake that was planted, and how the sentence begins of the promise that it must be caught breaking.
interface Planted {
    String promise();

    Bait bait();
}
