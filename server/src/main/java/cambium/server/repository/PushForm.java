package cambium.server.repository;

import cambium.server.blob.BlobStore;
import cambium.server.blob.StagedBlob;
import cambium.server.blob.Staging;
import cambium.server.http.Call;
import cambium.server.http.Refused;
import cambium.server.repository.format.Submission;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.fileupload2.core.AbstractFileUpload;
import org.apache.commons.fileupload2.core.DiskFileItem;
import org.apache.commons.fileupload2.core.DiskFileItemFactory;
import org.apache.commons.fileupload2.core.FileItemInput;
import org.apache.commons.fileupload2.core.FileItemInputIterator;
import org.apache.commons.fileupload2.core.FileUploadException;
import org.apache.commons.fileupload2.core.FileUploadSizeException;
import org.apache.commons.fileupload2.core.RequestContext;

/// The multipart form of a push, its files streamed into the blob store. Parts come in any order; the content type that
/// a client gives a part is ignored, and its file name is a hint that most formats do not look at, since clients send
/// random ones.
final class PushForm implements AutoCloseable {
    private static final int MAX_PARTS = 100;
    private static final int MAX_PART_HEADER_BYTES = 4096;
    private static final int MAX_FIELD_BYTES = 4096;
    private static final String FILE = "package[package_file]";
    private static final String SOURCE_FILES = "package[source_files][]";
    private static final String COORDINATES = "package[coordinates]";
    private static final String SUITE = "package[distro_version_id]";

    private Optional<Submission.Sent> file = Optional.empty();
    private final List<Submission.Sent> sourceFiles = new ArrayList<>();
    private Optional<String> suite = Optional.empty();
    private Optional<String> coordinates = Optional.empty();

    private PushForm() {}

    /// Reads the whole form. Throws [Refused] when it is none, or too large; nothing stays staged then.
    static PushForm read(Call call, BlobStore blobs, long maxFileBytes) throws IOException {
        var form = new PushForm();
        boolean whole = false;
        try {
            form.suite = call.query(SUITE);
            form.readParts(call, blobs, maxFileBytes);
            whole = true;
            return form;
        } catch (FileUploadSizeException tooLarge) {
            throw new Refused(413, "too_large", "the form has a part header or a number of parts over the limit");
        } catch (FileUploadException malformed) {
            throw new Refused(400, "multipart_malformed", "the body is not a well-formed multipart form");
        } finally {
            if (!whole) {
                form.close();
            }
        }
    }

    private void readParts(Call call, BlobStore blobs, long maxFileBytes) throws IOException {
        var upload = new FormReader();
        upload.setMaxFileCount(MAX_PARTS);
        upload.setMaxPartHeaderSize(MAX_PART_HEADER_BYTES);
        FileItemInputIterator parts = upload.getItemIterator(new CallContext(call));
        int count = 0;
        while (parts.hasNext()) {
            if (++count > MAX_PARTS) {
                throw new Refused(413, "too_large", "the form has more than " + MAX_PARTS + " parts");
            }
            readPart(parts.next(), blobs, maxFileBytes);
        }
        if (count == 0) {
            throw new Refused(400, "multipart_malformed", "the form has no part; is its boundary right?");
        }
    }

    private void readPart(FileItemInput part, BlobStore blobs, long maxFileBytes) throws IOException {
        String name = Optional.ofNullable(part.getFieldName()).orElse("");
        try (InputStream in = part.getInputStream()) {
            switch (name) {
                case FILE -> {
                    if (file.isPresent()) {
                        throw new Refused(400, "multipart_malformed", "the form has two parts " + FILE);
                    }
                    file = Optional.of(sent(part, staged(blobs.stage(in, maxFileBytes))));
                }
                case SOURCE_FILES -> sourceFiles.add(sent(part, staged(blobs.stage(in, maxFileBytes))));
                case SUITE -> suite = Optional.of(text(in));
                case COORDINATES -> coordinates = Optional.of(text(in));
                default -> drain(in, maxFileBytes);
            }
        }
    }

    /// Without the folders that some clients put before the name.
    private static Submission.Sent sent(FileItemInput part, StagedBlob staged) {
        String name = name(part);
        return new Submission.Sent(name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1), staged);
    }

    /// The library takes names for paths of this machine, whose locale may not have all letters; to us they are texts.
    private static String name(FileItemInput part) {
        try {
            return Optional.ofNullable(part.getName()).orElse("");
        } catch (InvalidPathException noPathHere) {
            return noPathHere.getInput();
        }
    }

    private static StagedBlob staged(Staging staging) {
        return switch (staging) {
            case Staging.Staged(StagedBlob blob) -> blob;
            case Staging.TooLarge(long maxBytes) ->
                throw new Refused(413, "too_large", "a package may have at most " + maxBytes + " bytes");
        };
    }

    private static String text(InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(MAX_FIELD_BYTES + 1);
        if (bytes.length > MAX_FIELD_BYTES) {
            throw new Refused(413, "too_large", "a field may have at most " + MAX_FIELD_BYTES + " bytes");
        }
        return new String(bytes, StandardCharsets.UTF_8).strip();
    }

    private static void drain(InputStream in, long maxBytes) throws IOException {
        byte[] buffer = new byte[8192];
        long total = 0;
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            total += n;
            if (total > maxBytes) {
                throw new Refused(413, "too_large", "a part may have at most " + maxBytes + " bytes");
            }
        }
    }

    /// What was sent; empty when the main file is missing.
    Optional<Submission> submission() {
        return file.map(main -> new Submission(main, sourceFiles));
    }

    /// The id as the client wrote it; empty when it is absent or blank.
    Optional<String> distroVersionId() {
        return suite.filter(text -> !text.isBlank());
    }

    /// Of a jar, as the client wrote them; empty when they are absent or blank.
    Optional<String> coordinates() {
        return coordinates.filter(text -> !text.isBlank());
    }

    @Override
    public void close() throws IOException {
        if (file.isPresent()) {
            file.get().blob().close();
        }
        for (Submission.Sent sent : sourceFiles) {
            sent.blob().close();
        }
    }

    /// The parser without the parts of it that gather a whole form in memory.
    private static final class FormReader
        extends AbstractFileUpload<RequestContext, DiskFileItem, DiskFileItemFactory> {
        @Override
        public FileItemInputIterator getItemIterator(RequestContext context) throws FileUploadException, IOException {
            return super.getItemIterator(context);
        }

        @Override
        public Map<String, List<DiskFileItem>> parseParameterMap(RequestContext context) {
            throw new UnsupportedOperationException("parts are streamed");
        }

        @Override
        public List<DiskFileItem> parseRequest(RequestContext context) {
            throw new UnsupportedOperationException("parts are streamed");
        }
    }

    /// One old client names the boundary in `Accept` and forgets `Content-Type`; it is understood all the same.
    private record CallContext(Call call) implements RequestContext {
        @Override
        public String getCharacterEncoding() {
            return "UTF-8";
        }

        @Override
        public long getContentLength() {
            return call.header("Content-Length").filter(text -> text.matches("[0-9]{1,18}")).map(Long::parseLong)
                .orElse(-1L);
        }

        @Override
        public String getContentType() {
            return call.header("Content-Type").or(() -> call.header("Accept")).orElse("");
        }

        @Override
        public InputStream getInputStream() {
            return call.body();
        }

        @Override
        public boolean isMultipartRelated() {
            return false;
        }
    }
}
