package dev.heliograph.query.security;

import java.util.Locale;
import java.util.Optional;

/** What a caller may do; each role includes those before it. */
public enum Role {
    /** Sees everything of its tenant. */
    VIEWER,
    /** Acknowledges alerts and edits rules. */
    OPERATOR,
    /** Manages devices, credentials, sites and metrics. */
    ADMIN;

    /** Whether this role may do what the other is needed for. */
    public boolean includes(Role needed) {
        return compareTo(needed) >= 0;
    }

    /** The name in tokens: lower case. */
    public String claim() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The role of a name in a token; empty for a role that is not ours. */
    public static Optional<Role> ofClaim(String claim) {
        for (Role role : values()) {
            if (role.claim().equals(claim)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }
}
