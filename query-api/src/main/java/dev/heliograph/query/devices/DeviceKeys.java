package dev.heliograph.query.devices;

import dev.heliograph.model.credential.DeviceKeyHash;
import java.security.SecureRandom;
import java.util.Base64;

/** Makes device passwords: 256 random bits, so that a plain keyed hash is enough to keep them. */
final class DeviceKeys {
    private static final int PASSWORD_BYTES = 32;

    private final SecureRandom random = new SecureRandom();

    /** A password and what is kept of it. */
    record Fresh(String password, DeviceKeyHash hash) {
        @Override
        public String toString() {
            return "Fresh[not shown]";
        }
    }

    Fresh next() {
        byte[] secret = new byte[PASSWORD_BYTES];
        random.nextBytes(secret);
        String password = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        return new Fresh(password, DeviceKeyHash.of(password));
    }
}
