package cambium.server.pages;

import cambium.server.access.Actor;
import cambium.server.access.Permission;
import cambium.server.access.SignInPage;
import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Problem;
import cambium.server.http.Route;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The door of this folder: every page that a browser sees, as routes, and the pages that others show.
public final class Pages implements SignInPage {
    private final Renderer renderer = new Renderer();
    private final StaticFiles files = new StaticFiles();
    private final InstantSource clock;
    private final FleetActs acts;
    private final List<Route> routes = new ArrayList<>();

    /// `fleet` and `acts` are one fleet's; `repositories` shows each actor what that actor may read; `api` are the
    /// routes of the repositories' API, by which the forms act.
    public Pages(FleetReads fleet, FleetActs acts, RepositoryReads repositories, UsageReads usage,
            RepositoryNews news, List<Route> api, InstantSource clock) {
        this.clock = clock;
        this.acts = acts;
        routes.add(files.route());
        routes.addAll(new FleetRoutes(fleet, this::shell, renderer).routes());
        routes.addAll(new ActRoutes(fleet, acts, this::shell, renderer, clock).routes());
        var apiActs = new ApiActs(api);
        var frame = new RepositoryFrame(repositories, apiActs, this::shell, clock);
        var forms = new FormRoutes(renderer);
        var acting = new PackageActRoutes(apiActs, frame, forms);
        routes.addAll(acting.routes());
        routes.addAll(new RepositoryRoutes(repositories, usage, acting, frame, renderer, clock).routes());
        routes.addAll(new CreationRoutes(apiActs, frame, forms).routes());
        routes.addAll(new UploadRoutes(apiActs, repositories, frame, renderer).routes());
        routes.addAll(new TokenPageRoutes(apiActs, frame, forms, renderer).routes());
        routes.addAll(new StatisticsPageRoutes(usage, repositories, frame, renderer).routes());
        routes.addAll(new SettingsRoutes(apiActs, frame, forms, renderer).routes());
        routes.addAll(new WithdrawnPageRoutes(apiActs, frame, forms, renderer, clock).routes());
        if (apiActs.find(Method.GET, WebhookPageRoutes.API).isPresent()) {
            routes.addAll(new WebhookPageRoutes(apiActs, this::shell, forms, renderer).routes());
        }
        if (frame.hasKeys()) {
            routes.addAll(new KeyPageRoutes(apiActs, frame, forms, renderer, clock).routes());
        }
        routes.addAll(new StreamRoutes(news, frame).routes());
    }

    public List<Route> routes() {
        return List.copyOf(routes);
    }

    @Override
    public String signIn(String next, Optional<String> problem, Optional<String> provider) {
        return renderer.text("sign-in", new SignInView(plain("Sign in"), next, problem, provider));
    }

    @Override
    public String goOn(String title, String sentence, String address) {
        return renderer.text("go-on", new GoOnView(plain(title), sentence, address));
    }

    @Override
    public String tokens(String account, List<String> roles, List<Kept> tokens, Optional<Fresh> fresh,
            Optional<String> problem) {
        return renderer.text("own-tokens", OwnTokensPage.of(ofTokens(account), roles, tokens, fresh, problem));
    }

    @Override
    public String noAccount(String name) {
        return renderer.text("no-account", new NoAccountPage(ofTokens(name), name));
    }

    private Shell ofTokens(String actor) {
        return new Shell("Your tokens", "", Optional.of(actor), Optional.empty(), clock.instant(), files.stamp(),
                Offers.NONE);
    }

    /// An error as a browser sees it.
    public String problem(Problem problem, String requestId, Optional<Actor> who) {
        Shell shell = plain(ErrorPage.title(problem.status())).ofWhomIsKnown(who.flatMap(Pages::signedIn));
        return renderer.text("error", ErrorPage.of(problem, requestId, shell));
    }

    private static Optional<String> signedIn(Actor actor) {
        return Optional.of(actor.name()).filter(name -> !name.equals(Actor.ANONYMOUS.name()));
    }

    private Shell plain(String title) {
        return new Shell(title, "", Optional.empty(), Optional.empty(), clock.instant(), files.stamp(), Offers.NONE);
    }

    private Shell shell(Call call, String title, String section, boolean live) {
        Optional<String> actor = signedIn(call.actor());
        Shell shell = new Shell(title, section, actor, Optional.empty(), clock.instant(), files.stamp(), Offers.NONE)
                .standing(call.query("still").isPresent());
        Shell offering = actor.isEmpty() ? shell
                : shell.offering(new Offers(() -> acts.rights(call.actor()),
                        call.actor().may(Permission.MANAGE_FLEET), clock.instant()));
        return live ? offering.followingTheFleet() : offering;
    }

    /// Makes the frame of a page for whoever called.
    @FunctionalInterface
    interface Shells {
        Shell shell(Call call, String title, String section, boolean live);
    }
}
