package cambium.server.pages;

import java.util.List;
import java.util.Optional;

/// The page `/owner/name/settings`. `seen` stands for the settings that the reader saw; `refusal` is empty or says why
/// nothing was saved.
public record SettingsPage(
        Shell shell,
        RepositoryPages.Head head,
        String action,
        String seen,
        List<Setting> settings,
        Optional<Retention> retention,
        Optional<Policy> policy,
        boolean saved,
        String refusal) {
    public SettingsPage {
        settings = List.copyOf(settings);
    }

    /// What is kept, in words; `leaving` names what goes next and `said` counts it. `change` and `end` are forms.
    public record Retention(String rule, String said, List<String> leaving, String change, Optional<String> end) {
        public Retention {
            leaving = List.copyOf(leaving);
        }
    }

    /// What is asked of packages, a sentence each. `change` and `end` are forms.
    public record Policy(List<String> asked, String change, Optional<String> end) {
        public Policy {
            asked = List.copyOf(asked);
        }
    }

    public record Setting(String name, String label, String hint, List<RepositoryPages.Option> options) {
        public Setting {
            options = List.copyOf(options);
        }
    }

    SettingsPage refused(String why) {
        return new SettingsPage(shell, head, action, seen, settings, retention, policy, false, why);
    }
}
