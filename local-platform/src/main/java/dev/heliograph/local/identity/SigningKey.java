package dev.heliograph.local.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.heliograph.local.data.OwnerOnly;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.text.ParseException;
import org.jspecify.annotations.Nullable;

/** The RSA key that signs tokens; kept in a file, so that tokens outlive a restart. */
final class SigningKey {
    private static final int BITS = 2048;

    private SigningKey() {}

    /** The key of the file, made up where the file is missing; a key of this process only if there is no file. */
    static RSAKey in(@Nullable Path file) {
        if (file == null) {
            return generate();
        }
        try {
            return Files.exists(file) ? RSAKey.parse(Files.readString(file)) : store(generate(), file);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot use the signing key in " + file, failure);
        } catch (ParseException malformed) {
            throw new IllegalStateException("not a signing key: " + file, malformed);
        }
    }

    private static RSAKey store(RSAKey key, Path file) throws IOException {
        Path absolute = file.toAbsolutePath();
        OwnerOnly.createDirectories(absolute.resolveSibling(".").normalize());
        Path draft = absolute.resolveSibling(absolute.getFileName() + ".new");
        Files.deleteIfExists(draft);
        OwnerOnly.createFile(draft);
        Files.writeString(draft, key.toJSONString());
        Files.move(draft, absolute, StandardCopyOption.ATOMIC_MOVE);
        return key;
    }

    private static RSAKey generate() {
        try {
            return new RSAKeyGenerator(BITS)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.RS256)
                    .keyIDFromThumbprint(true)
                    .generate();
        } catch (JOSEException impossible) {
            throw new IllegalStateException("this JDK cannot make RSA keys", impossible);
        }
    }
}
