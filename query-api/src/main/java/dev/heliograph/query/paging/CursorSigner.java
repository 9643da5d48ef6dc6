package dev.heliograph.query.paging;

import dev.heliograph.model.id.TenantId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes positions that callers carry but can not make or change: HMAC-SHA256 over tenant, query and position, 16 bytes of
 * it, then the position; Base64 for URLs. Thread-safe.
 */
public final class CursorSigner {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int SIGNATURE_BYTES = 16;
    private static final int MAX_CHARACTERS = 6_144;
    private static final int RANDOM_KEY_BYTES = 32;

    private final byte[] key;

    public CursorSigner(CursorSettings settings) {
        if (settings.key().isEmpty()) {
            key = new byte[RANDOM_KEY_BYTES];
            new SecureRandom().nextBytes(key);
        } else {
            key = settings.key().getBytes(StandardCharsets.UTF_8);
        }
    }

    /**
     * Signs a position.
     *
     * @param query what the position belongs to: the operation and every parameter that changes the list
     */
    public String sign(TenantId tenant, String query, byte[] position) {
        byte[] signature = signature(tenant, query, position);
        byte[] cursor = Arrays.copyOf(signature, SIGNATURE_BYTES + position.length);
        System.arraycopy(position, 0, cursor, SIGNATURE_BYTES, position.length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(cursor);
    }

    /** The position of a cursor; empty if it is not one of ours for this tenant and query. */
    public Optional<byte[]> verify(TenantId tenant, String query, String cursor) {
        if (cursor.length() > MAX_CHARACTERS) {
            return Optional.empty();
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(cursor);
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
        if (bytes.length < SIGNATURE_BYTES) {
            return Optional.empty();
        }
        byte[] position = Arrays.copyOfRange(bytes, SIGNATURE_BYTES, bytes.length);
        byte[] claimed = Arrays.copyOf(bytes, SIGNATURE_BYTES);
        boolean ours =
                MessageDigest.isEqual(claimed, Arrays.copyOf(signature(tenant, query, position), SIGNATURE_BYTES));
        return ours ? Optional.of(position) : Optional.empty();
    }

    private byte[] signature(TenantId tenant, String query, byte[] position) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            mac.update(tenant.value().getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            mac.update(query.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return mac.doFinal(position);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, impossible);
        }
    }
}
