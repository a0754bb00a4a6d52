package cambium.rollout;

/// One thing wrong with a fleet as declared.
///
/// @param field path of the field in the declaration, `rings[1].cells[0].cell`
public record SpecProblem(String code, String field, String text) {}
