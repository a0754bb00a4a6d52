package cambium.server.delivery;

import cambium.server.blob.BlobId;

/// A blob as a client is to receive it. `filename` is the canonical name of a stored file, never a client's text;
/// `headOnly` when it asks with `HEAD`, which some signatures tell apart.
public record Parcel(BlobId blob, String filename, boolean headOnly) {
    public Parcel {
        if (filename.isEmpty() || filename.chars().anyMatch(c -> c <= ' ' || c >= 0x7f || c == '"' || c == '\\')) {
            throw new IllegalArgumentException("a file name that no header can carry");
        }
    }

    String contentType() {
        return filename.endsWith(".deb") ? "application/vnd.debian.binary-package"
            : filename.endsWith(".rpm") ? "application/x-rpm" : "application/octet-stream";
    }

    String disposition() {
        return "attachment; filename=\"" + filename + "\"";
    }
}
