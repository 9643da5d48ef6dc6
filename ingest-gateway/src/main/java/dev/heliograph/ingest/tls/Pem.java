package dev.heliograph.ingest.tls;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CRL;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keys, certificates and revocation lists from their text form (RFC 7468). */
final class Pem {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
    private static final List<String> KEY_ALGORITHMS = List.of("EC", "RSA", "EdDSA");
    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;
    private static final int CURVE = 0xA0;
    private static final byte[] VERSION_0 = HexFormat.of().parseHex("020100");
    // AlgorithmIdentifier of rsaEncryption (RFC 8017, A.1), and the object identifier of id-ecPublicKey (RFC 5480,
    // 2.1.1).
    private static final byte[] RSA = HexFormat.of().parseHex("300d06092a864886f70d0101010500");
    private static final byte[] EC = HexFormat.of().parseHex("06072a8648ce3d0201");

    private Pem() {}

    /** The certificates of a text, in its order; at least one. */
    static List<X509Certificate> certificates(byte[] text) throws CertificateException {
        List<X509Certificate> certificates = factory().generateCertificates(new ByteArrayInputStream(text)).stream()
                .map(X509Certificate.class::cast)
                .toList();
        if (certificates.isEmpty()) {
            throw new CertificateException("there is no certificate in it");
        }
        return certificates;
    }

    /** The revocation lists of a text; at least one. */
    static Collection<? extends CRL> revocationLists(byte[] text) throws GeneralSecurityException {
        Collection<? extends CRL> lists = factory().generateCRLs(new ByteArrayInputStream(text));
        if (lists.isEmpty()) {
            throw new CertificateException("there is no revocation list in it");
        }
        return lists;
    }

    /** The first private key of a text. */
    static PrivateKey privateKey(byte[] text) throws GeneralSecurityException {
        Matcher blocks = BLOCK.matcher(new String(text, StandardCharsets.US_ASCII));
        while (blocks.find()) {
            byte[] der = Base64.getMimeDecoder().decode(blocks.group(2));
            switch (blocks.group(1)) {
                case "PRIVATE KEY":
                    return pkcs8(der);
                case "RSA PRIVATE KEY":
                    return pkcs8(wrapped(RSA, der));
                case "EC PRIVATE KEY":
                    return pkcs8(wrapped(element(SEQUENCE, EC, curve(der)), der));
                default:
                    // Parameters of a curve, or a certificate in the same file.
                    continue;
            }
        }
        throw new InvalidKeySpecException("there is no unencrypted private key in it");
    }

    private static CertificateFactory factory() throws CertificateException {
        return CertificateFactory.getInstance("X.509");
    }

    private static PrivateKey pkcs8(byte[] der) throws GeneralSecurityException {
        for (String algorithm : KEY_ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (InvalidKeySpecException another) {
                // The next algorithm, or none.
                continue;
            }
        }
        throw new InvalidKeySpecException("its private key is none of " + KEY_ALGORITHMS);
    }

    /** PKCS #8 round a key of an older form (RFC 5958, 2). */
    private static byte[] wrapped(byte[] algorithm, byte[] key) {
        return element(SEQUENCE, VERSION_0, algorithm, element(OCTET_STRING, key));
    }

    /** The curve's identifier in an EC key of SEC 1 (RFC 5915, 3): the content of its element [0]. */
    private static byte[] curve(byte[] key) throws InvalidKeySpecException {
        try {
            int at = contentStart(key, 0);
            while (at < key.length) {
                int start = contentStart(key, at);
                int end = start + length(key, at);
                if ((key[at] & 0xFF) == CURVE) {
                    return Arrays.copyOfRange(key, start, end);
                }
                at = end;
            }
        } catch (ArrayIndexOutOfBoundsException truncated) {
            throw new InvalidKeySpecException("its EC key is truncated", truncated);
        }
        throw new InvalidKeySpecException("its EC key does not name its curve");
    }

    private static int contentStart(byte[] der, int at) {
        int first = der[at + 1] & 0xFF;
        return at + 2 + (first < 0x80 ? 0 : first & 0x7F);
    }

    private static int length(byte[] der, int at) {
        int first = der[at + 1] & 0xFF;
        if (first < 0x80) {
            return first;
        }
        int length = 0;
        for (int i = 0; i < (first & 0x7F); i++) {
            length = length << 8 | der[at + 2 + i] & 0xFF;
        }
        return length;
    }

    private static byte[] element(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream element = new ByteArrayOutputStream();
        element.write(tag);
        int length = content.size();
        if (length >= 0x100) {
            element.write(0x82);
            element.write(length >> 8);
        } else if (length >= 0x80) {
            element.write(0x81);
        }
        element.write(length);
        element.writeBytes(content.toByteArray());
        return element.toByteArray();
    }
}
