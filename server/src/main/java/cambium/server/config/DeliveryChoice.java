package cambium.server.config;

/// How clients are led to blobs.
public sealed interface DeliveryChoice {
    /// By addresses of this server, which streams the bytes itself.
    record Own() implements DeliveryChoice {
        @Override
        public String toString() {
            return "own";
        }
    }

    /// By presigned addresses of the bucket.
    record Presigned() implements DeliveryChoice {
        @Override
        public String toString() {
            return "s3";
        }
    }

    /// By signed addresses of a CloudFront distribution in front of the bucket; `base` begins with `https://` and has
    /// no slash at its end.
    record CloudFront(String base) implements DeliveryChoice {
        @Override
        public String toString() {
            return "cloudfront:" + base;
        }
    }

    /// [IllegalArgumentException] says what is understood.
    static DeliveryChoice parse(String text) {
        if (text.equals("own")) {
            return new Own();
        }
        if (text.equals("s3")) {
            return new Presigned();
        }
        if (text.matches("cloudfront:https://[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?(/[A-Za-z0-9._-]{1,100}){0,8}/?")) {
            return new CloudFront(text.substring("cloudfront:".length()).replaceAll("/$", ""));
        }
        throw new IllegalArgumentException("own, s3, or cloudfront:https://d111111abcdef8.cloudfront.net");
    }
}
