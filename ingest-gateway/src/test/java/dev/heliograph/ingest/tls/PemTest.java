package dev.heliograph.ingest.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.InvalidKeySpecException;
import java.util.Base64;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys as cert-manager, OpenSSL and Java write them; the older forms by an independent encoder. */
class PemTest {

    @ParameterizedTest
    @CsvSource({"RSA, 2048", "RSA, 4096", "EC, secp256r1", "EC, secp384r1", "Ed25519, Ed25519"})
    void givenAPkcs8Key_whenRead_thenItIsThatKey(String algorithm, String size) throws Exception {
        PrivateKey key = pair(algorithm, size).getPrivate();

        assertThat(Pem.privateKey(pem("PRIVATE KEY", key.getEncoded()))).isEqualTo(key);
    }

    @ParameterizedTest
    @CsvSource({
        "RSA, 2048, RSA PRIVATE KEY",
        "RSA, 4096, RSA PRIVATE KEY",
        "EC, secp256r1, EC PRIVATE KEY",
        "EC, secp521r1, EC PRIVATE KEY",
    })
    void givenAKeyOfAnOlderForm_whenRead_thenItIsThatKey(String algorithm, String size, String label) throws Exception {
        PrivateKey key = pair(algorithm, size).getPrivate();
        byte[] inner = PrivateKeyInfo.getInstance(key.getEncoded())
                .parsePrivateKey()
                .toASN1Primitive()
                .getEncoded();
        if (algorithm.equals("EC")) {
            org.bouncycastle.asn1.sec.ECPrivateKey bare = org.bouncycastle.asn1.sec.ECPrivateKey.getInstance(inner);
            inner = new org.bouncycastle.asn1.sec.ECPrivateKey(
                            bits(size),
                            bare.getKey(),
                            PrivateKeyInfo.getInstance(key.getEncoded())
                                    .getPrivateKeyAlgorithm()
                                    .getParameters())
                    .getEncoded();
        }

        PrivateKey read = Pem.privateKey(pem(label, inner));

        if (key instanceof ECPrivateKey curve) {
            // The encoded forms differ in whether they repeat the public key.
            assertThat(((ECPrivateKey) read).getS()).isEqualTo(curve.getS());
            assertThat(((ECPrivateKey) read).getParams().getCurve())
                    .isEqualTo(curve.getParams().getCurve());
        } else {
            assertThat(read).isEqualTo(key);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nothing",
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
                "-----BEGIN EC PRIVATE KEY-----\nMAA=\n-----END EC PRIVATE KEY-----",
                "-----BEGIN EC PRIVATE KEY-----\nMIL/\n-----END EC PRIVATE KEY-----",
                "-----BEGIN EC PRIVATE KEY-----\n\n-----END EC PRIVATE KEY-----",
                "-----BEGIN RSA PRIVATE KEY-----\nMAA=\n-----END RSA PRIVATE KEY-----",
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----",
            })
    void givenNoUsableKey_whenRead_thenItIsRefused(String text) {
        assertThatThrownBy(() -> Pem.privateKey(text.getBytes(US_ASCII))).isInstanceOf(InvalidKeySpecException.class);
    }

    @Test
    void givenNoCertificate_whenRead_thenItIsRefused() {
        assertThatThrownBy(() -> Pem.certificates(new byte[0])).isInstanceOf(CertificateException.class);
        assertThatThrownBy(() -> Pem.revocationLists(new byte[0])).isInstanceOf(CertificateException.class);
    }

    private static KeyPair pair(String algorithm, String size) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        if (algorithm.equals("RSA")) {
            generator.initialize(Integer.parseInt(size));
        } else if (algorithm.equals("EC")) {
            generator.initialize(new ECGenParameterSpec(size));
        }
        return generator.generateKeyPair();
    }

    private static int bits(String curve) {
        return curve.equals("secp256r1") ? 256 : 521;
    }

    private static byte[] pem(String label, byte[] der) {
        return ("-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + label
                        + "-----\n")
                .getBytes(US_ASCII);
    }
}
