package cambium.server.access;

import cambium.server.http.Refused;
import cambium.server.http.RequestHead;

/// Proof that a request which changes something was made by a page of ours. Browsers say so in `Sec-Fetch-Site`, older
/// ones in `Origin`; one that says neither gives no proof.
public final class SameSite {
    private SameSite() {}

    public static void require(RequestHead head) {
        if (head.method().isSafe() || isProven(head)) {
            return;
        }
        throw new Refused(403, "cross_site", "this request did not come from a page of this server; open the page "
                + "and try again, or send a token");
    }

    private static boolean isProven(RequestHead head) {
        var site = head.header("Sec-Fetch-Site");
        if (site.isPresent()) {
            return site.get().equals("same-origin");
        }
        return head.header("Origin")
                .filter(origin -> origin.replaceFirst("^https?://", "").equalsIgnoreCase(head.host()))
                .isPresent();
    }
}
