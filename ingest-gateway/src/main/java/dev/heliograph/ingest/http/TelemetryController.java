package dev.heliograph.ingest.http;

import dev.heliograph.ingest.funnel.Codecs;
import dev.heliograph.ingest.funnel.IntakeMode;
import dev.heliograph.ingest.funnel.Outcome;
import dev.heliograph.ingest.funnel.RawMessage;
import dev.heliograph.ingest.intake.Allowance;
import dev.heliograph.ingest.intake.Allowances;
import dev.heliograph.ingest.intake.Excess;
import dev.heliograph.ingest.intake.Intake;
import dev.heliograph.ingest.intake.IntakeCounters.Result;
import dev.heliograph.ingest.registry.Credential;
import dev.heliograph.ingest.registry.DeviceTable;
import dev.heliograph.model.reading.Micros;
import dev.heliograph.model.reading.Transport;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code POST /api/v1/telemetry}: the MQTT payload by HTTP, with Basic authentication as {@code tenant/device}. The answer
 * 202 means the same as a PUBACK: Kafka has it. Each request waits on a virtual thread of its own.
 *
 * <p>With {@code ?mode=backfill} a device that may brings history: readings of any age, each with its time, of which presence,
 * alerts, live windows and the live stream do not learn.
 */
@RestController
public final class TelemetryController {
    private static final String RETRY_SECONDS = "1";
    private static final String PRECISION = "precision";
    private static final String MODE = "mode";

    private final HttpSettings settings;
    private final int maxPayloadBytes;
    private final Codecs codecs;
    private final DeviceTable devices;
    private final Intake intake;
    private final Allowances allowances;
    private final InstantSource clock;
    private final BooleanSupplier ready;

    public TelemetryController(
            HttpSettings settings,
            int maxPayloadBytes,
            Codecs codecs,
            DeviceTable devices,
            Intake intake,
            Allowances allowances,
            InstantSource clock,
            BooleanSupplier ready) {
        this.settings = settings;
        this.maxPayloadBytes = maxPayloadBytes;
        this.codecs = codecs;
        this.devices = devices;
        this.intake = intake;
        this.allowances = allowances;
        this.clock = clock;
        this.ready = ready;
    }

    /** Takes one body. */
    @PostMapping("/api/v1/telemetry")
    public ResponseEntity<Object> post(HttpServletRequest request) throws IOException, InterruptedException {
        String requestId = UUID.randomUUID().toString();
        if (!ready.getAsBoolean()) {
            return unavailable("The gateway is not ready.", requestId);
        }
        Optional<Credential> credential = authenticate(request);
        if (credential.isEmpty()) {
            return answer(
                    HttpStatus.UNAUTHORIZED,
                    Problem.of(
                            "unauthorized",
                            "Unauthorized",
                            HttpStatus.UNAUTHORIZED.value(),
                            "Authenticate by Basic as tenant/device with a valid device key.",
                            requestId),
                    requestId);
        }
        IntakeMode mode = mode(request);
        if (mode == null) {
            return problem(
                    HttpStatus.BAD_REQUEST, "mode", "The parameter mode is live (or absent) or backfill.", requestId);
        }
        if (mode == IntakeMode.BACKFILL && !devices.mayBackfill(credential.get().device())) {
            return problem(
                    HttpStatus.FORBIDDEN,
                    "backfill-not-permitted",
                    "This device may not bring history. An administrator permits it by mayBackfill of the device; without it,"
                            + " an operator brings it by POST /api/v1/data:backfill.",
                    requestId);
        }
        if (!isSupported(request)) {
            return problem(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                    "unsupported-media-type",
                    "Send JSON, CBOR, SenML or line protocol under its own content type, text in UTF-8, without content"
                            + " encoding.",
                    requestId);
        }
        byte[] body = request.getContentLengthLong() > maxPayloadBytes
                ? new byte[0]
                : request.getInputStream().readNBytes(maxPayloadBytes + 1);
        if (request.getContentLengthLong() > maxPayloadBytes || body.length > maxPayloadBytes) {
            return problem(
                    HttpStatus.CONTENT_TOO_LARGE,
                    "content-too-large",
                    "A body has at most " + maxPayloadBytes + " bytes.",
                    requestId);
        }
        return take(credential.get(), mode, request, body, requestId);
    }

    /** For what the body is posted; null where the request says what there is not. */
    private static @Nullable IntakeMode mode(HttpServletRequest request) {
        String named = request.getParameter(MODE);
        return switch (named) {
            case null -> IntakeMode.LIVE;
            case "live" -> IntakeMode.LIVE;
            case "backfill" -> IntakeMode.BACKFILL;
            default -> null;
        };
    }

    private ResponseEntity<Object> take(
            Credential credential, IntakeMode mode, HttpServletRequest request, byte[] body, String requestId)
            throws InterruptedException {
        Allowance allowance = mode == IntakeMode.BACKFILL
                ? allowances.ofHistory(credential.device())
                : allowances.of(credential.device());
        Excess excess = allowance.tryTake(body.length);
        if (excess != null) {
            intake.counters().count(Transport.HTTP, Result.THROTTLED);
            intake.counters().throttled(excess);
            return tooFast(excess, requestId);
        }
        if (!intake.budget().hasRoom(allowance.share())) {
            return unavailable("The gateway waits for Kafka and takes nothing more for now.", requestId);
        }
        RawMessage message = new RawMessage(
                "iot/v1/" + credential.device() + "/telemetry",
                body,
                credential.device(),
                contentType(request),
                false,
                0,
                Micros.of(clock.instant()),
                Transport.HTTP,
                mode,
                // The next request may go to another instance.
                intake.newStrand());
        CompletableFuture<Outcome> safe = new CompletableFuture<>();
        intake.submit(message, allowance, (outcome, failure) -> {
            if (failure == null) {
                safe.complete(outcome);
            } else {
                safe.completeExceptionally(failure);
            }
        });
        try {
            return answer(safe.get(settings.acknowledgeTimeout().toMillis(), TimeUnit.MILLISECONDS), requestId);
        } catch (ExecutionException | TimeoutException notSafe) {
            return unavailable(
                    "The body is not known to be stored; send it again, repetitions are recognised.", requestId);
        }
    }

    private static ResponseEntity<Object> answer(Outcome outcome, String requestId) {
        if (!outcome.isRefused()) {
            return answer(HttpStatus.ACCEPTED, Accepted.of(outcome), requestId);
        }
        Problem problem = Problem.of(
                        "payload",
                        "Nothing in the body could be accepted",
                        HttpStatus.BAD_REQUEST.value(),
                        outcome.refusals().getFirst().describe(),
                        requestId)
                .with(outcome.refusals());
        return answer(HttpStatus.BAD_REQUEST, problem, requestId);
    }

    private Optional<Credential> authenticate(HttpServletRequest request) {
        List<String> headers = Collections.list(request.getHeaders(HttpHeaders.AUTHORIZATION));
        return headers.size() == 1
                ? BasicCredentials.parse(headers.getFirst())
                        .flatMap(given -> devices.authenticate(given.userName(), given.password()))
                : Optional.empty();
    }

    /** The declared content type; what a client of InfluxDB says of its times in the query becomes a parameter of it. */
    private static @Nullable String contentType(HttpServletRequest request) {
        String declared = request.getContentType();
        String precision = request.getParameter(PRECISION);
        boolean lines = declared != null && declared.toLowerCase(Locale.ROOT).startsWith(MediaType.TEXT_PLAIN_VALUE);
        return lines && precision != null ? declared + ";" + PRECISION + "=" + precision : declared;
    }

    private boolean isSupported(HttpServletRequest request) {
        return codecs.supports(request.getContentType()) && request.getHeader(HttpHeaders.CONTENT_ENCODING) == null;
    }

    private static ResponseEntity<Object> tooFast(Excess excess, String requestId) {
        HttpStatus status = HttpStatus.TOO_MANY_REQUESTS;
        String detail = "The body is " + excess.describe() + ".";
        return answer(
                status,
                Problem.of("rate", status.getReasonPhrase(), status.value(), detail, requestId),
                requestId,
                Long.toString(excess.waitSeconds()));
    }

    private static ResponseEntity<Object> unavailable(String detail, String requestId) {
        return problem(HttpStatus.SERVICE_UNAVAILABLE, "unavailable", detail, requestId);
    }

    private static ResponseEntity<Object> problem(HttpStatus status, String slug, String detail, String requestId) {
        return answer(status, Problem.of(slug, status.getReasonPhrase(), status.value(), detail, requestId), requestId);
    }

    private static ResponseEntity<Object> answer(HttpStatus status, Object body, String requestId) {
        return answer(status, body, requestId, RETRY_SECONDS);
    }

    private static ResponseEntity<Object> answer(
            HttpStatus status, Object body, String requestId, String retrySeconds) {
        ResponseEntity.BodyBuilder builder = ResponseEntity.status(status)
                .contentType(body instanceof Problem ? MediaType.APPLICATION_PROBLEM_JSON : MediaType.APPLICATION_JSON)
                .header("X-Request-Id", requestId);
        if (status == HttpStatus.UNAUTHORIZED) {
            builder.header(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"heliograph\", charset=\"UTF-8\"");
        } else if (status == HttpStatus.TOO_MANY_REQUESTS || status == HttpStatus.SERVICE_UNAVAILABLE) {
            builder.header(HttpHeaders.RETRY_AFTER, retrySeconds);
        }
        return builder.body(body);
    }
}
