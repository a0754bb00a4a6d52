/// Leads clients to the bytes of blobs: by addresses of our own, of S3 or of CloudFront that are valid for a while, and
/// proves at start that they work.
package cambium.server.delivery;
