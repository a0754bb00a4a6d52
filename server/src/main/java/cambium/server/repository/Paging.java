package cambium.server.repository;

import cambium.server.http.Answer;
import cambium.server.http.Call;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Which page of a list a client asks for, and the headers that lead it to the others. Numbers out of range are
/// clamped; a page past the end is an empty list.
public record Paging(int page, int perPage) {
    static final int MAX_PER_PAGE = 250;
    private static final int DEFAULT_PER_PAGE = 30;
    private static final int MAX_PAGE = 1_000_000;
    private static final List<String> KEPT = List.of("q", "filter", "dist", "arch", "include_collaborations",
        "start_date", "end_date", "master_token", "read_token", "user_agent", "source");

    public static Paging of(Call call) {
        int perPage = number(call, "per_page", number(call, "perPage", DEFAULT_PER_PAGE));
        return new Paging(Math.min(Math.max(number(call, "page", 1), 1), MAX_PAGE),
            perPage < 1 ? DEFAULT_PER_PAGE : Math.min(perPage, MAX_PER_PAGE));
    }

    private static int number(Call call, String name, int otherwise) {
        return call.query(name).filter(text -> text.matches("[0-9]{1,18}"))
            .map(text -> (int) Math.min(Long.parseLong(text), MAX_PAGE)).orElse(otherwise);
    }

    public int offset() {
        return (page - 1) * perPage;
    }

    public Answer answer(Call call, List<?> items, int total) {
        Answer.Bytes answer = Answer.json(200, items).with("Total", Integer.toString(total))
            .with("Per-Page", Integer.toString(perPage)).with("Max-Per-Page", Integer.toString(MAX_PER_PAGE));
        String links = links(call, total);
        return links.isEmpty() ? answer : answer.with("Link", links);
    }

    private String links(Call call, int total) {
        int last = Math.max(1, (total + perPage - 1) / perPage);
        var links = new ArrayList<String>();
        if (page > 1) {
            links.add(link(call, 1, "first"));
            links.add(link(call, Math.min(page - 1, last), "prev"));
        }
        if (page < last) {
            links.add(link(call, last, "last"));
            links.add(link(call, page + 1, "next"));
        }
        return String.join(", ", links);
    }

    private String link(Call call, int target, String relation) {
        var query = new StringBuilder("?");
        for (String name : KEPT) {
            call.query(name).ifPresent(value ->
                query.append(name).append('=').append(URLEncoder.encode(value, StandardCharsets.UTF_8)).append('&'));
        }
        String path = call.path().replace(",", "%2C");
        return "<" + call.baseUrl() + path + query + "per_page=" + perPage + "&page=" + target + ">; rel=\"" + relation
            + "\"";
    }
}
