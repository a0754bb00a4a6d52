package cambium.server.repository.format;

import cambium.formats.index.IndexForm;
import java.util.List;

/// How the files of one kind of view are made: in which forms they are served, and whether patches are kept that lead
/// from its earlier states to the present one.
public record ViewShape(List<IndexForm> forms, boolean patched) {
    public ViewShape(List<IndexForm> forms) {
        this(forms, false);
    }

    public ViewShape {
        forms = List.copyOf(forms);
    }
}
