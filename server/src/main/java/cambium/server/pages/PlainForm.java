package cambium.server.pages;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A form of a few fields, as a page of its own and, with script, in a dialog. What was typed stays when it is refused;
/// `wrong` is the name of the field to blame. `signIn` is where to sign in again without losing what was typed.
public record PlainForm(
        Shell shell,
        String title,
        String explanation,
        String action,
        List<FormField> fields,
        String submit,
        boolean danger,
        String back,
        Optional<String> refusal,
        String wrong,
        Optional<String> signIn,
        boolean inDialog) {

    public PlainForm {
        fields = List.copyOf(fields);
    }

    static PlainForm of(Shell shell, String title, String explanation, String action, String submit, String back) {
        return new PlainForm(shell, title, explanation, action, List.of(), submit, false, back, Optional.empty(), "",
                Optional.empty(), false);
    }

    /// `kind`: text, area, file, check or choice. `value` of a check is what is sent when it is on; `on` says so. Of
    /// texts and files `on` says that they must be filled in.
    public record FormField(String kind, String name, String label, String value, String hint, boolean on,
            List<RepositoryPages.Option> options, int most) {
        public FormField {
            options = List.copyOf(options);
        }

        public String id() {
            return (kind.equals("file") ? "file-" : "field-") + name.replaceAll("[^A-Za-z0-9]+", "-");
        }
    }

    public boolean isWrong(FormField field) {
        return refusal.isPresent() && field.name().contains(wrong) && !wrong.isEmpty();
    }

    PlainForm text(String name, String label, String value, String hint, int most) {
        return with(new FormField("text", name, label, value, hint, true, List.of(), most));
    }

    PlainForm area(String name, String label, String value, String hint, int most) {
        return with(new FormField("area", name, label, value, hint, true, List.of(), most));
    }

    PlainForm optionalText(String name, String label, String value, String hint, int most) {
        return with(new FormField("text", name, label, value, hint, false, List.of(), most));
    }

    /// A file, or the text of one in an area of the same name: whichever is filled in is sent.
    PlainForm fileOrText(String name, String file, String text, String value, String hint, int most) {
        return with(new FormField("file", name, file, "", "", false, List.of(), 0))
                .with(new FormField("area", name, text, value, hint, false, List.of(), most));
    }

    /// How the form element sends it: a file needs parts.
    public String encoding() {
        return fields.stream().anyMatch(field -> field.kind().equals("file")) ? "multipart/form-data"
                : "application/x-www-form-urlencoded";
    }

    PlainForm check(String name, String label, String value, boolean on) {
        return with(new FormField("check", name, label, value, "", on, List.of(), 0));
    }

    PlainForm choice(String name, String label, String hint, List<RepositoryPages.Option> options) {
        return with(new FormField("choice", name, label, "", hint, true, options, 0));
    }

    PlainForm asDanger() {
        return new PlainForm(shell, title, explanation, action, fields, submit, true, back, refusal, wrong, signIn,
                inDialog);
    }

    /// Whether it was asked for from a dialog, and answers there.
    PlainForm inDialog(boolean is) {
        return new PlainForm(shell, title, explanation, action, fields, submit, danger, back, refusal, wrong, signIn,
                is);
    }

    PlainForm refused(String message, String field) {
        return new PlainForm(shell, title, explanation, action, fields, submit, danger, back, Optional.of(message),
                field, signIn, inDialog);
    }

    PlainForm signedOut() {
        return new PlainForm(shell, title, explanation, action, fields, submit, danger, back,
                Optional.of(ActionForm.SIGNED_OUT), "", Optional.of("/sign-in"), inDialog);
    }

    private PlainForm with(FormField field) {
        var more = new ArrayList<>(fields);
        more.add(field);
        return new PlainForm(shell, title, explanation, action, more, submit, danger, back, refusal, wrong, signIn,
                inDialog);
    }
}
