package cambium.formats.index;

/// Brings the bytes of one form of a stored chunk back, whole.
public interface SliceSource {
    byte[] bytes(Chunk chunk, IndexForm form);
}
