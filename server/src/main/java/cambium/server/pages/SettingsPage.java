package cambium.server.pages;

import java.util.List;

/// The page `/owner/name/settings`. `seen` stands for the settings that the reader saw; `refusal` is empty or says why
/// nothing was saved.
public record SettingsPage(
        Shell shell,
        RepositoryPages.Head head,
        String action,
        String seen,
        List<Setting> settings,
        boolean saved,
        String refusal) {
    public SettingsPage {
        settings = List.copyOf(settings);
    }

    public record Setting(String name, String label, String hint, List<RepositoryPages.Option> options) {
        public Setting {
            options = List.copyOf(options);
        }
    }

    SettingsPage refused(String why) {
        return new SettingsPage(shell, head, action, seen, settings, false, why);
    }
}
