package cambium.server.repository;

import cambium.formats.deb.DebPackage;
import cambium.server.blob.StagedBlob;

/// A .deb that was received whole and understood, on its way into a suite.
record IncomingPackage(StoredRepository repository, KnownSuite suite, DebPackage deb, StagedBlob staged,
    String uploader) {}
