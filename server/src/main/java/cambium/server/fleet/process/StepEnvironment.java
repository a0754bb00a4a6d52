package cambium.server.fleet.process;

import cambium.rollout.PackageRef;
import cambium.rollout.ProductVersion;
import cambium.server.fleet.StepOrder;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Makes the environment of a step: the order's facts under CAMBIUM_ names, PATH, HOME, LANG, and nothing else, above
/// all nothing of the server's own environment.
public record StepEnvironment(String path, String home) {
    SortedMap<String, String> of(StepOrder order) {
        var variables = facts(order);
        variables.put("PATH", path);
        variables.put("HOME", home);
        variables.put("LANG", "C.UTF-8");
        return variables;
    }

    /// The order alone, for steps that run elsewhere.
    public static SortedMap<String, String> facts(StepOrder order) {
        var variables = new TreeMap<String, String>();
        variables.put("CAMBIUM_ATTEMPT", order.attempt().toString());
        variables.put("CAMBIUM_EPOCH", Long.toString(order.epoch().number()));
        variables.put("CAMBIUM_STEP", order.step().word());
        variables.put("CAMBIUM_KIND", order.kind().word());
        variables.put("CAMBIUM_CELL", order.cell().toString());
        variables.put("CAMBIUM_RING", order.ring().toString());
        variables.put("CAMBIUM_VERSION", order.version().toString());
        variables.put("CAMBIUM_PREVIOUS_VERSION", order.previous().map(ProductVersion::toString).orElse(""));
        variables.put("CAMBIUM_CHANNEL_URL", order.channel().url());
        variables.put("CAMBIUM_CODENAME", order.channel().codename());
        variables.put("CAMBIUM_KEY_URL", order.channel().keyUrl());
        order.packages().stream().findFirst().ifPresent(first -> {
            variables.put("CAMBIUM_PACKAGE_NAME", first.name());
            variables.put("CAMBIUM_PACKAGE_VERSION", first.version());
            variables.put("CAMBIUM_PACKAGE_SHA256", first.sha256());
            variables.put("CAMBIUM_PACKAGE_URL", address(order, first));
        });
        variables.put("CAMBIUM_PACKAGES", order.packages().stream()
                .map(one -> String.join(" ", one.name(), one.version(), one.architecture(), one.sha256(),
                        address(order, one)))
                .collect(Collectors.joining("\n")));
        order.settings().forEach((key, value) -> variables.put("CAMBIUM_SETTING_" + shellName(key), value));
        return variables;
    }

    private static String address(StepOrder order, PackageRef one) {
        return order.channel().packagesUrl() + "/" + one.path();
    }

    private static String shellName(String key) {
        return key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }
}
