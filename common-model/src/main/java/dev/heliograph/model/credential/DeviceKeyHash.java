package dev.heliograph.model.credential;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Hash of a device's password: HMAC-SHA256 (RFC 2104) keyed with a random salt.
 *
 * <p>A device key has 256 random bits, so nothing is won by a slow password hash; a slow one would turn the reconnection
 * of a whole fleet into an outage.
 *
 * @param saltHex 16 bytes in lower-case hex, random or the key's own
 * @param hashHex 32 bytes in lower-case hex
 */
public record DeviceKeyHash(String saltHex, String hashHex) {
    private static final String ALGORITHM = "HmacSHA256";
    private static final byte[] SALT_LABEL = "heliograph device key".getBytes(StandardCharsets.UTF_8);
    private static final int SALT_BYTES = 16;

    /**
     * The hash of a random key of 256 bits, under the salt that is the key's own. A key that comes without a name can so be
     * found by its salt; to whom the key is unknown the salt is as random as any.
     */
    public static DeviceKeyHash of(String key) {
        return of(key, saltOf(key));
    }

    /** The salt of a key that is hashed by {@link #of(String)}, in lower-case hex. */
    public static String saltHexOf(String key) {
        return HexFormat.of().formatHex(saltOf(key));
    }

    private static byte[] saltOf(String key) {
        return Arrays.copyOf(digest(SALT_LABEL, key), SALT_BYTES);
    }

    /** The hash of a password under a salt of at least one byte. */
    public static DeviceKeyHash of(String password, byte[] salt) {
        HexFormat hex = HexFormat.of();
        return new DeviceKeyHash(hex.formatHex(salt), hex.formatHex(digest(salt, password)));
    }

    /** Whether the password is the one that was hashed; takes the same time wherever they differ. */
    public boolean matches(String password) {
        HexFormat hex = HexFormat.of();
        return MessageDigest.isEqual(hex.parseHex(hashHex), digest(hex.parseHex(saltHex), password));
    }

    private static byte[] digest(byte[] salt, String password) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(salt, ALGORITHM));
            return mac.doFinal(password.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, impossible);
        }
    }
}
