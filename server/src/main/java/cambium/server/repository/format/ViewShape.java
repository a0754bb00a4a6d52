package cambium.server.repository.format;

import cambium.formats.index.IndexForm;
import cambium.formats.index.Splicing;
import cambium.formats.index.Wrapping;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

/// How the files of one kind of view are made: in which forms they are served, whether patches are kept that lead from
/// its earlier states to the present one, and what stands around a number of entries, where something does.
public record ViewShape(List<IndexForm> forms, boolean patched, Optional<LongFunction<Wrapping>> wrapping) {
    public ViewShape(List<IndexForm> forms) {
        this(forms, false);
    }

    public ViewShape(List<IndexForm> forms, boolean patched) {
        this(forms, patched, Optional.empty());
    }

    /// One gz file with a head and a tail, which may depend on the number of entries.
    public static ViewShape wrapped(LongFunction<Wrapping> wrapping) {
        return new ViewShape(List.of(IndexForm.GZ), false, Optional.of(wrapping));
    }

    public ViewShape {
        forms = List.copyOf(forms);
    }

    /// How its chunks are made.
    public Splicing splicing() {
        return wrapping.isPresent() ? Splicing.WRAPPED : Splicing.PLAIN;
    }
}
