package dev.heliograph.query.stream;

import dev.heliograph.query.problem.Problems;
import dev.heliograph.query.security.Caller;
import dev.heliograph.query.security.RequiresRole;
import dev.heliograph.query.security.Role;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /stream}: the thread of the request, a virtual one, is the writer of its connection until that ends. */
@RestController
@RequestMapping("/api/v1")
@Tag(name = "stream", description = "What happens now")
class StreamController {
    private static final Logger LOG = LoggerFactory.getLogger(StreamController.class);

    private final LiveHub hub;
    private final Replay replay;
    private final Seats seats;
    private final StreamSettings settings;
    private final StreamMetrics metrics;
    private final Clock clock;

    StreamController(LiveHub hub, Replay replay, StreamSettings settings, StreamMetrics metrics, Clock clock) {
        this.hub = hub;
        this.replay = replay;
        this.settings = settings;
        this.metrics = metrics;
        this.clock = clock;
        this.seats = new Seats(settings, metrics);
    }

    @GetMapping(path = "/stream")
    @RequiresRole(Role.VIEWER)
    @Operation(
            operationId = "stream",
            summary = "What happens, as server-sent events, from now on or from where a stream before ended",
            description =
                    "Topics samples and windows need at least one device; what the store changes of them later comes as well. A Last-Event-ID resumes without a gap, or "
                            + "the event reset says why that is not possible. A comment comes at least every five seconds. "
                            + "The event hello names the connection, whose subscriptions can be changed while it is open.")
    @ApiResponse(
            responseCode = "200",
            description = "Events",
            content = @Content(mediaType = MediaType.TEXT_EVENT_STREAM_VALUE, schema = @Schema(type = "string")))
    void stream(
            Caller caller,
            @RequestParam String topics,
            @RequestParam(name = "device", required = false) @Nullable List<String> devices,
            @RequestParam(name = "metric", required = false) @Nullable List<String> metrics,
            @RequestParam(name = "samplesPerSecond", required = false) @Nullable Integer samplesPerSecond,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        Subscription subscription = Subscription.of(
                caller.tenant(),
                List.of(View.of(List.of(topics.split(",")), devices, metrics)),
                samplesPerSecond == null ? Subscription.EVERY_SAMPLE : samplesPerSecond,
                settings);
        try (Seats.Seat seat = seats.take(caller)) {
            response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
            response.setCharacterEncoding("UTF-8");
            response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
            response.setHeader("X-Accel-Buffering", "no");
            if (request.getMethod().equals("HEAD")) {
                return;
            }
            serve(caller, subscription, lastEventId, response);
        }
    }

    @PostMapping("/stream/{connection}/subscriptions")
    @RequiresRole(Role.VIEWER)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            operationId = "changeStream",
            summary = "Let an open stream of yours show something else from now on",
            description =
                    "The event subscribed tells where in the stream the change took place. A connection that has ended, is "
                            + "another user's, or is served by another instance is answered with 404: open the stream anew, "
                            + "with Last-Event-ID, and nothing is missed.")
    void change(Caller caller, @PathVariable String connection, @RequestBody SubscriptionDraft draft) {
        UUID id = connectionOf(connection);
        // Before the body is judged: of what is not the caller's, nothing but its absence is told.
        if (!hub.serves(id, caller.tenant(), caller.subject())
                || !changed(id, caller, draft.within(caller.tenant(), settings))) {
            throw Problems.notFound();
        }
    }

    private boolean changed(UUID id, Caller caller, Subscription wanted) {
        try {
            return hub.resubscribe(id, caller.subject(), wanted);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw Problems.unavailable("stopping", "This instance is stopping.", settings.retry());
        }
    }

    private static UUID connectionOf(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException malformed) {
            throw Problems.notFound();
        }
    }

    private void serve(
            Caller caller, Subscription subscription, @Nullable String lastEventId, HttpServletResponse response)
            throws IOException {
        Connection connection = new Connection(caller.subject(), subscription, settings, metrics);
        EventWriter writer = new EventWriter(response.getOutputStream(), settings.writeDeadline(), metrics);
        try {
            Positions joined = hub.join(connection);
            writer.write(hello(connection, lastEventId == null ? hub.id(subscription, joined) : null));
            if (lastEventId != null) {
                resume(subscription, lastEventId, joined, writer);
            }
            follow(caller, connection, writer);
        } catch (IOException gone) {
            if (isSlow(gone)) {
                metrics.slowClosed();
            }
            LOG.debug("A reader has gone: {}", gone.toString());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } finally {
            hub.leave(connection);
        }
    }

    // The container wraps what its socket threw.
    private static boolean isSlow(IOException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketTimeoutException || cause instanceof EventWriter.SlowReaderException) {
                return true;
            }
        }
        return false;
    }

    private Frame hello(Connection connection, @Nullable String id) {
        Frame hello = Frame.single(
                "hello",
                "{\"connection\":\"" + connection.id() + "\",\"heartbeatSeconds\":"
                        + Math.max(1, settings.heartbeat().toSeconds()) + ",\"serverTime\":\"" + clock.instant()
                        + "\"}",
                id);
        byte[] retry =
                ("retry: " + settings.retry().toMillis() + "\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        byte[] bytes = new byte[retry.length + hello.bytes().length];
        System.arraycopy(retry, 0, bytes, 0, retry.length);
        System.arraycopy(hello.bytes(), 0, bytes, retry.length, hello.bytes().length);
        return new Frame(bytes, List.of(), "hello", id);
    }

    private void resume(Subscription subscription, String lastEventId, Positions joined, EventWriter writer)
            throws IOException {
        Optional<Positions> from = hub.positionOf(subscription, lastEventId);
        Replay.Outcome outcome = from.isEmpty()
                ? new Replay.Outcome("unknown-position")
                : replay.between(subscription, from.get(), joined, writer::write);
        if (!outcome.complete()) {
            writer.write(LiveHub.resetFrame(outcome.reason()));
            String id = hub.id(subscription, joined);
            if (id != null) {
                writer.heartbeat(id);
            }
        }
    }

    private void follow(Caller caller, Connection connection, EventWriter writer)
            throws IOException, InterruptedException {
        while (connection.ended() == null) {
            Duration left = Duration.between(clock.instant(), caller.expiresAt());
            if (!left.isPositive()) {
                return; // the token has ended, and so does what it opened
            }
            Duration wait = left.compareTo(settings.heartbeat()) < 0 ? left : settings.heartbeat();
            // Asked for before it is known that nothing waits: what was handed out up to here is then written.
            Positions quiet = hub.positions();
            List<Frame> frames = connection.take(wait);
            if (!frames.isEmpty()) {
                writer.write(frames);
            } else if (connection.ended() == null) {
                writer.heartbeat(hub.id(connection.subscription(), quiet));
            }
        }
    }
}
