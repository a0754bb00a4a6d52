package cambium.server.blob;

import cambium.server.http.TrustedCertificates;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Function;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/// The SDK's client as we want it: blocking calls, signed bodies, our own checksums, bounded patience; and its errors
/// as ours.
final class S3Connection implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;

    private final S3Bucket bucket;
    private final S3Patience patience;
    private final S3Client client;
    private final S3Presigner presigner;

    S3Connection(S3Bucket bucket, AwsCredentialsProvider credentials, S3Patience patience) {
        this.bucket = bucket;
        this.patience = patience;
        var region = Region.of(bucket.region());
        // Optional trailers with checksums are not known to every server that speaks S3; Content-MD5 is.
        var builder = S3Client.builder().region(region).credentialsProvider(credentials)
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .serviceConfiguration(S3Configuration.builder().pathStyleAccessEnabled(bucket.pathStyle())
                .chunkedEncodingEnabled(false).build())
            .httpClientBuilder(UrlConnectionHttpClient.builder().connectionTimeout(CONNECT_TIMEOUT)
                .socketTimeout(patience.silence()))
            .overrideConfiguration(override -> override.apiCallAttemptTimeout(patience.onePerTry())
                .apiCallTimeout(patience.inAll())
                .retryStrategy(StandardRetryStrategy.builder().maxAttempts(patience.tries())
                    .treatAsThrottling(S3Connection::asksForLess).circuitBreakerEnabled(false).build()));
        var links = S3Presigner.builder().region(region).credentialsProvider(credentials)
            .serviceConfiguration(S3Configuration.builder().pathStyleAccessEnabled(bucket.pathStyle()).build());
        bucket.endpoint().ifPresent(endpoint -> {
            builder.endpointOverride(endpoint);
            links.endpointOverride(endpoint);
        });
        client = builder.build();
        presigner = links.build();
    }

    private static boolean asksForLess(Throwable failed) {
        return failed instanceof S3Exception answered && (answered.statusCode() == 503 || answered.statusCode() == 429);
    }

    S3Bucket bucket() {
        return bucket;
    }

    S3Patience patience() {
        return patience;
    }

    S3Presigner presigner() {
        return presigner;
    }

    /// One call with retries. A failure ends
    /// as [BlobsUnavailable]; [#isMissing] and [#hasStatus] tell of what the server answered.
    <T> T call(String what, Function<S3Client, T> request) throws IOException {
        try {
            return request.apply(client);
        } catch (SdkException failed) {
            throw failure(what, failed);
        }
    }

    static boolean isMissing(IOException failure) {
        return failure.getCause() instanceof S3Exception answered && answered.statusCode() == NOT_FOUND;
    }

    static boolean hasStatus(IOException failure, int status) {
        return failure.getCause() instanceof S3Exception answered && answered.statusCode() == status;
    }

    /// The server's own code where it gave one; never a header or an address, which may hold a signature.
    private BlobsUnavailable failure(String what, SdkException failed) {
        String reason = switch (failed) {
            case S3Exception answered when answered.statusCode() == FORBIDDEN ->
                "403; see whether the credentials are right and may read, write, delete and list there";
            case S3Exception answered when answered.awsErrorDetails() != null
                && answered.awsErrorDetails().errorCode() != null ->
                answered.statusCode() + " " + answered.awsErrorDetails().errorCode();
            case S3Exception answered -> Integer.toString(answered.statusCode());
            default -> TrustedCertificates.told(failed).orElseGet(() -> TrustedCertificates.refused(failed)
                ? "it shows no certificate that the JDK trusts" : failed.getClass().getSimpleName());
        };
        return new BlobsUnavailable("the bucket " + bucket.name() + " could not " + what + ": " + reason, failed);
    }

    @Override
    public void close() {
        presigner.close();
        client.close();
    }
}
