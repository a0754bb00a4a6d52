package cambium.server.blob;

import cambium.server.testing.S3Server;
import java.net.URI;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/// Fresh buckets on the real S3 server.
public final class TestBucket {
    private static final String REGION = "us-east-1";

    private TestBucket() {}

    public static AwsCredentialsProvider credentials() {
        return credentials(S3Server.running().secretKey());
    }

    public static AwsCredentialsProvider wrongCredentials() {
        return credentials("wrong");
    }

    static AwsCredentialsProvider credentials(String secret) {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create(S3Server.running().accessKey(), secret));
    }

    public static S3Bucket create() {
        String name = "test-" + UUID.randomUUID();
        try (S3Client client = client()) {
            client.createBucket(create -> create.bucket(name));
        }
        return at(name, S3Server.running().uri());
    }

    /// That bucket, reached over another address.
    static S3Bucket at(String name, URI endpoint) {
        return new S3Bucket(name, "some/prefix/", REGION, Optional.of(endpoint), true);
    }

    static S3Client client() {
        return S3Client.builder().region(Region.of(REGION)).credentialsProvider(credentials()).forcePathStyle(true)
            .endpointOverride(S3Server.running().uri()).httpClientBuilder(UrlConnectionHttpClient.builder()).build();
    }
}
