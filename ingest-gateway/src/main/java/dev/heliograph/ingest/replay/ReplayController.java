package dev.heliograph.ingest.replay;

import dev.heliograph.model.wire.ReplayAnswer;
import dev.heliograph.model.wire.ReplayRequest;
import dev.heliograph.model.wire.WireFormatException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code POST /internal/v1/replay}, for the API alone: no way from outside leads here, and who has not the secret is told
 * nothing. The API answers for who may replay what.
 */
@RestController
public final class ReplayController {
    private static final int MAX_BODY_BYTES = 2 * 1024 * 1024;
    private static final Set<String> TRANSPORTS = Set.of("mqtt", "http", "subscription");

    private final byte @Nullable [] secret;
    private final Replays replays;
    private final BooleanSupplier ready;

    /** @param secret what the caller must present; null for a door that is closed */
    public ReplayController(@Nullable String secret, Replays replays, BooleanSupplier ready) {
        this.secret = secret == null ? null : secret.getBytes(StandardCharsets.UTF_8);
        this.replays = replays;
        this.ready = ready;
    }

    /** Takes one request. */
    @PostMapping(ReplayRequest.PATH)
    public ResponseEntity<byte[]> replay(HttpServletRequest request) throws IOException, InterruptedException {
        String given = request.getHeader(ReplayRequest.SECRET_HEADER);
        if (secret == null || given == null || !MessageDigest.isEqual(secret, given.getBytes(StandardCharsets.UTF_8))) {
            return ResponseEntity.status(HttpStatus.NOT_FOUND).build();
        }
        if (!ready.getAsBoolean()) {
            return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE).build();
        }
        byte[] body = request.getInputStream().readNBytes(MAX_BODY_BYTES + 1);
        if (body.length > MAX_BODY_BYTES) {
            return ResponseEntity.status(HttpStatus.CONTENT_TOO_LARGE).build();
        }
        ReplayRequest asked;
        try {
            asked = checked(ReplayRequest.CODEC.decode(body));
        } catch (WireFormatException malformed) {
            return ResponseEntity.badRequest()
                    .contentType(MediaType.TEXT_PLAIN)
                    .body(String.valueOf(malformed.getMessage()).getBytes(StandardCharsets.UTF_8));
        }
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .body(ReplayAnswer.CODEC.encode(replays.answer(asked)));
    }

    // The codec leaves a component null where its field is absent.
    @SuppressWarnings("ConstantValue")
    private static ReplayRequest checked(ReplayRequest asked) {
        if (asked.messages() == null || asked.messages().size() > ReplayRequest.MOST_MESSAGES) {
            throw new WireFormatException("1 to " + ReplayRequest.MOST_MESSAGES + " messages");
        }
        for (ReplayRequest.Message message : asked.messages()) {
            if (message.id() == null
                    || message.tenant() == null
                    || message.topic() == null
                    || message.transport() == null
                    || message.payload() == null) {
                throw new WireFormatException("id, tenant, topic, transport and payload are required");
            }
            if (!TRANSPORTS.contains(message.transport().toLowerCase(Locale.ROOT))
                    || message.payload().length > ReplayRequest.MOST_PAYLOAD_BYTES) {
                throw new WireFormatException("no transport or no payload that can be replayed");
            }
        }
        return asked;
    }
}
