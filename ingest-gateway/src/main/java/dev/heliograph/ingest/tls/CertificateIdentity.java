package dev.heliograph.ingest.tls;

import dev.heliograph.model.id.DeviceKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * Which device a certificate names: by the alternative name {@code heliograph://tenant/device} (a URI), or, where it holds
 * no such name, by the common name {@code tenant/device}. A certificate that names two devices names none.
 */
public final class CertificateIdentity {
    /** What an alternative name that names a device begins with. */
    public static final String SCHEME = "heliograph://";

    private static final int URI_NAME = 6;

    private CertificateIdentity() {}

    /** The device, if the certificate names one. */
    public static Optional<DeviceKey> of(X509Certificate certificate) {
        try {
            List<String> names = alternativeNames(certificate);
            if (names.isEmpty()) {
                names = commonNames(certificate);
            }
            return names.size() == 1 ? DeviceKey.parse(names.getFirst()) : Optional.empty();
        } catch (CertificateParsingException | InvalidNameException malformed) {
            return Optional.empty();
        }
    }

    private static List<String> alternativeNames(X509Certificate certificate) throws CertificateParsingException {
        List<String> names = new ArrayList<>();
        Collection<List<?>> all = certificate.getSubjectAlternativeNames();
        for (List<?> name : all == null ? List.<List<?>>of() : all) {
            if (name.get(0).equals(URI_NAME) && name.get(1) instanceof String uri && uri.startsWith(SCHEME)) {
                names.add(uri.substring(SCHEME.length()));
            }
        }
        return names;
    }

    private static List<String> commonNames(X509Certificate certificate) throws InvalidNameException {
        List<String> names = new ArrayList<>();
        for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
            if (part.getType().equalsIgnoreCase("CN") && part.getValue() instanceof String name) {
                names.add(name);
            }
        }
        return names;
    }
}
