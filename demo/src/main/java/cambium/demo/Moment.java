package cambium.demo;

import java.util.SequencedMap;

/// One look at everything: what each cell answered when asked itself, and right after that what the server said.
///
/// @param answers version by cell name; a cell that did not answer is missing
record Moment(SequencedMap<String, String> answers, FleetView fleet) {

    boolean answers(DemoCell cell, String version) {
        return version.equals(answers.get(cell.name()));
    }
}
