package cambium.server.repository;

import cambium.formats.PackageDescription;
import cambium.server.repository.format.ReadPackage;
import cambium.server.repository.format.Submission;

/// A package that was received whole and understood, on its way into a suite.
record IncomingPackage(StoredRepository repository, KnownSuite suite, ReadPackage read, PackageDescription description,
    Submission submission, String uploader) {}
