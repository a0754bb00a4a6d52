package cambium.server.repository.format;

import cambium.formats.index.IndexForm;
import java.util.List;

/// How the files of one kind of view are made: in which forms they are served.
public record ViewShape(List<IndexForm> forms) {
    public ViewShape {
        forms = List.copyOf(forms);
    }
}
