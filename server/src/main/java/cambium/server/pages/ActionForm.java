package cambium.server.pages;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A form that asks for one act, as a page of its own and, with script, in a dialog. What was typed stays when it is
/// refused; `wrong` is the name of the field to blame, or `session` where that has ended.
public record ActionForm(
        Shell shell,
        String title,
        String explanation,
        String action,
        List<Hidden> hidden,
        Optional<Choice> choice,
        boolean asksWhy,
        String why,
        boolean asksUntil,
        String until,
        Optional<Tick> tick,
        String submit,
        boolean danger,
        String back,
        Optional<String> refusal,
        String wrong) {

    static final String SIGNED_OUT = "You are not signed in any more. Nothing was sent, and what you typed is still"
            + " here: sign in in another tab, then send it again.";
    private static final String SESSION = "session";

    public ActionForm {
        hidden = List.copyOf(hidden);
    }

    public record Hidden(String name, String value) {}

    /// A list to choose from; `chosen` is one of the options.
    public record Choice(String name, String label, String chosen, List<String> options) {
        public Choice {
            options = List.copyOf(options);
        }
    }

    /// A box to tick; sent as `true`.
    public record Tick(String name, String label, boolean on) {}

    public boolean isWrong(String field) {
        return refusal.isPresent() && wrong.equals(field);
    }

    public boolean asksToSignIn() {
        return isWrong(SESSION);
    }

    ActionForm signedOut() {
        return refused(SIGNED_OUT, SESSION);
    }

    ActionForm withHidden(String name, String value) {
        var more = new ArrayList<>(hidden);
        more.add(new Hidden(name, value));
        return new ActionForm(shell, title, explanation, action, more, choice, asksWhy, why, asksUntil, until, tick,
                submit, danger, back, refusal, wrong);
    }

    ActionForm withChoice(Choice offered) {
        return new ActionForm(shell, title, explanation, action, hidden, Optional.of(offered), asksWhy, why, asksUntil,
                until, tick, submit, danger, back, refusal, wrong);
    }

    ActionForm withWhy() {
        return new ActionForm(shell, title, explanation, action, hidden, choice, true, why, asksUntil, until, tick,
                submit, danger, back, refusal, wrong);
    }

    ActionForm withUntil() {
        return new ActionForm(shell, title, explanation, action, hidden, choice, asksWhy, why, true, until, tick,
                submit, danger, back, refusal, wrong);
    }

    ActionForm withTick(String name, String label) {
        return new ActionForm(shell, title, explanation, action, hidden, choice, asksWhy, why, asksUntil, until,
                Optional.of(new Tick(name, label, false)), submit, danger, back, refusal, wrong);
    }

    ActionForm asDanger() {
        return new ActionForm(shell, title, explanation, action, hidden, choice, asksWhy, why, asksUntil, until, tick,
                submit, true, back, refusal, wrong);
    }

    ActionForm backTo(String page) {
        return new ActionForm(shell, title, explanation, action, hidden, choice, asksWhy, why, asksUntil, until, tick,
                submit, danger, page, refusal, wrong);
    }

    /// With what was chosen, where it is one of the options.
    ActionForm chosen(Optional<String> option) {
        return choice.flatMap(offered -> option.filter(offered.options()::contains).map(taken ->
                withChoice(new Choice(offered.name(), offered.label(), taken, offered.options())))).orElse(this);
    }

    ActionForm typed(String newWhy, String newUntil, boolean ticked) {
        return new ActionForm(shell, title, explanation, action, hidden, choice, asksWhy, newWhy, asksUntil, newUntil,
                tick.map(box -> new Tick(box.name(), box.label(), ticked)), submit, danger, back, refusal, wrong);
    }

    ActionForm refused(String message, String field) {
        return new ActionForm(shell, title, explanation, action, hidden, choice, asksWhy, why, asksUntil, until, tick,
                submit, danger, back, Optional.of(message), field);
    }
}
