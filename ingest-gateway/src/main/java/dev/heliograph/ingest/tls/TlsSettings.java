package dev.heliograph.ingest.tls;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The encrypted port. The files are read again when their content changes.
 *
 * @param enabled whether there is one
 * @param port port; 0 for any free one
 * @param certificate PEM file with the server's certificate and its chain
 * @param privateKey PEM file with its key: PKCS #8, PKCS #1 (RSA) or SEC 1 (EC), not encrypted
 * @param minimum the oldest version that is spoken; TLS 1.3 always is
 * @param clientCertificates whether devices show certificates
 * @param clientAuthorities PEM file with the certificates of the authorities that sign those of devices; several during a
 *     change of authority
 * @param revoked PEM file with a revocation list of each of these authorities, or null to check none
 * @param reloadInterval how often the files are looked at
 */
public record TlsSettings(
        @DefaultValue("false") boolean enabled,
        @Min(0) @Max(65_535) @DefaultValue("8883") int port,
        @Nullable Path certificate,
        @Nullable Path privateKey,
        @NotNull @DefaultValue("tls-1-3") Version minimum,
        @NotNull @DefaultValue("none") ClientCertificates clientCertificates,
        @Nullable Path clientAuthorities,
        @Nullable Path revoked,

        @NotNull @DurationMin(millis = 50) @DefaultValue("10s")
        Duration reloadInterval) {

    /** Versions of TLS. */
    public enum Version {
        TLS_1_3("TLSv1.3"),
        TLS_1_2("TLSv1.3", "TLSv1.2");

        private final String[] protocols;

        Version(String... protocols) {
            this.protocols = protocols;
        }

        String[] protocols() {
            return protocols.clone();
        }
    }

    /** What is asked of devices. */
    public enum ClientCertificates {
        /** No certificate is asked for. */
        NONE,
        /** A device shows a certificate or gives its key. */
        OPTIONAL,
        /** No certificate, no connection. */
        REQUIRED
    }

    /** Refuses an encrypted port without certificate or key, and device certificates without an authority. */
    public TlsSettings {
        if (enabled && (certificate == null || privateKey == null)) {
            throw new IllegalArgumentException(
                    "heliograph.ingest.mqtt.tls: certificate and private-key are required when it is enabled");
        }
        if (enabled && clientCertificates != ClientCertificates.NONE && clientAuthorities == null) {
            throw new IllegalArgumentException(
                    "heliograph.ingest.mqtt.tls: client-authorities are required when client-certificates are asked"
                            + " for");
        }
    }
}
