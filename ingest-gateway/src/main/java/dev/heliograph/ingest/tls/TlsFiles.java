package dev.heliograph.ingest.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The content of the files at one moment.
 *
 * @param clientAuthorities null where devices show no certificates
 * @param revoked null where no revocation list is kept
 */
record TlsFiles(byte[] certificate, byte[] privateKey, byte @Nullable [] clientAuthorities, byte @Nullable [] revoked) {
    /** No certificate store of sense is larger; a revocation list of a million devices is about 40 MB. */
    private static final long MAX_BYTES = 64L << 20;

    static TlsFiles read(TlsSettings settings) throws IOException {
        Path certificate = settings.certificate();
        Path privateKey = settings.privateKey();
        if (certificate == null || privateKey == null) {
            throw new IOException("neither certificate nor private key are named");
        }
        return new TlsFiles(
                bytes(certificate),
                bytes(privateKey),
                settings.clientAuthorities() == null ? null : bytes(settings.clientAuthorities()),
                settings.revoked() == null ? null : bytes(settings.revoked()));
    }

    private static byte[] bytes(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException(file + " is larger than " + MAX_BYTES + " bytes");
        }
        return Files.readAllBytes(file);
    }

    boolean sameAs(@Nullable TlsFiles other) {
        return other != null
                && Arrays.equals(certificate, other.certificate)
                && Arrays.equals(privateKey, other.privateKey)
                && Arrays.equals(clientAuthorities, other.clientAuthorities)
                && Arrays.equals(revoked, other.revoked);
    }
}
