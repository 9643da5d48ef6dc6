package dev.heliograph.local.up;

import dev.heliograph.local.data.Secrets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The three people who may sign in to a local platform, one for each role. */
final class DemoUsers {
    /** The tenant that everything local belongs to. */
    static final String TENANT = "demo";

    private static final List<String> ROLES = List.of("viewer", "operator", "admin");

    private DemoUsers() {}

    /** Their passwords by user name, weakest role first; a user is called like the role. */
    static Map<String, String> passwords(Secrets secrets) {
        Map<String, String> passwords = new LinkedHashMap<>();
        ROLES.forEach(role -> passwords.put(role, secrets.password("user-" + role)));
        return passwords;
    }

    /** As settings of the identity provider. */
    static Map<String, String> settings(Secrets secrets) {
        Map<String, String> settings = new LinkedHashMap<>();
        passwords(secrets).forEach((role, password) -> {
            String prefix = "heliograph.identity.users." + role;
            settings.put(prefix + ".name", Character.toUpperCase(role.charAt(0)) + role.substring(1));
            settings.put(prefix + ".password", password);
            settings.put(prefix + ".tenant", TENANT);
            settings.put(prefix + ".roles", role);
        });
        return settings;
    }
}
