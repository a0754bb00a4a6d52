package cambium.server.repository.format;

import cambium.formats.index.IndexForm;

/// A form of a view as of the generation that is being made. `isNew`: it is not the same as in the one before.
public record PublishedFile(ViewKey view, IndexForm form, long lengthBytes, String sha256, boolean isNew) {}
