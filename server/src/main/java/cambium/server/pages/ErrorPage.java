package cambium.server.pages;

import cambium.server.http.Problem;

/// A refusal or failure as a browser sees it: what it means, its stable code, and the request id that finds it in the
/// log.
public record ErrorPage(Shell shell, int status, String title, String message, String code, String request) {

    static ErrorPage of(Problem problem, String requestId, Shell shell) {
        return new ErrorPage(
                shell, problem.status(), title(problem.status()), problem.message(), problem.code(), requestId);
    }

    static String title(int status) {
        return switch (status) {
            case 401 -> "Sign in first";
            case 403 -> "That is not yours to do";
            case 404 -> "There is nothing here";
            case 405 -> "That cannot be done here";
            case 429, 503 -> "Not just now";
            default -> status >= 500 ? "Something went wrong here" : "That did not work";
        };
    }
}
