package dev.heliograph.query.refusals;

import static dev.heliograph.query.refusals.Refusal.closedAfter;
import static dev.heliograph.query.refusals.Refusal.overLimit;
import static dev.heliograph.query.refusals.Refusal.refused;
import static dev.heliograph.query.refusals.Refusal.refusedParameter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.query.testing.RawHttp;
import dev.heliograph.query.testing.SseClient;
import dev.heliograph.query.testing.TestApi;
import dev.heliograph.query.testing.TestApi.Answer;
import dev.heliograph.query.testing.TestTokens;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** R28 to R30: the live stream. */
final class StreamRefusals {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String PATH = "/api/v1/stream?";

    private final TestApi api;
    private final int streamsOfAUser;
    private final List<Refusal> rows = new ArrayList<>();

    StreamRefusals(TestApi api, int streamsOfAUser) {
        this.api = api;
        this.streamsOfAUser = streamsOfAUser;
    }

    List<Refusal> rows() {
        String viewer = TestTokens.of("refused-streams", "viewer");
        add("R28", "one stream more than a user may have", this::oneTooMany);
        add("R28", "1,000 devices", () -> overLimit(api.get(PATH + "topics=samples" + many("device"), viewer)));
        add(
                "R28",
                "1,000 metrics",
                () -> overLimit(api.get(PATH + "topics=samples&device=d" + many("metric"), viewer)));
        add(
                "R28",
                "samples of the whole fleet",
                () -> refusedParameter(api.get(PATH + "topics=samples", viewer), "device"));
        add("R28", "topics that are none", () -> {
            for (String topics : List.of("", ",", "secrets", "samples,%00", "../readings")) {
                refusedParameter(api.get(PATH + "device=d&topics=" + topics, viewer), "topics");
            }
            refusedParameter(api.get(PATH + "device=d", viewer), "topics");
        });
        add("R29", "the token ends while the stream is open", this::endingToken);
        add("R30", "positions that are none", this::positions);
        add(
                "R30",
                "a position of 64 KB",
                () -> closedAfter(
                        RawHttp.send(
                                api.port,
                                "GET " + PATH + "topics=presence HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + viewer
                                        + "\r\nLast-Event-ID: " + "x".repeat(65_536) + "\r\n\r\n"),
                        400,
                        431));
        return rows;
    }

    private void add(String number, String what, Refusal.Trial trial) {
        rows.add(new Refusal(number, what, trial));
    }

    private static String many(String parameter) {
        // Short names: the address itself has to be within its bound.
        return IntStream.range(0, parameter.equals("device") ? 201 : 101)
                .mapToObj(i -> "&" + parameter + "=x" + i)
                .collect(Collectors.joining());
    }

    private void oneTooMany() {
        String token = TestTokens.of("refused-seats", "viewer");
        List<SseClient> open = new ArrayList<>();
        try {
            for (int i = 0; i < streamsOfAUser; i++) {
                SseClient client = SseClient.open(api, "topics=presence", token);
                open.add(client);
                await().atMost(PATIENCE).until(() -> !client.named("hello").isEmpty());
            }
            Answer more = api.get(PATH + "topics=presence", token);
            refused(more, 429, "too-many");
            assertThat(more.header("Retry-After")).matches("[0-9]+");
        } finally {
            open.forEach(SseClient::close);
        }
    }

    private void endingToken() {
        String token = TestTokens.signed(claims -> claims.claim("tenant", "refused-expiry")
                .expirationTime(Date.from(Instant.now().plusSeconds(2))));
        try (SseClient client = SseClient.open(api, "topics=presence", token)) {
            await().atMost(PATIENCE).until(() -> !client.named("hello").isEmpty());
            await().atMost(PATIENCE).until(() -> client.ended);
        }
    }

    private void positions() {
        for (String id : List.of("garbage", "0", "-1", "99999999999999999999", "x".repeat(4_000), "%00", "{}")) {
            // A user each: a stream that was left takes its seat until the service notices.
            String token = TestTokens.of("refused-positions", "viewer", "user-" + id.hashCode());
            try (SseClient client = SseClient.resume(api, "topics=presence", token, id)) {
                await().atMost(PATIENCE).until(() -> !client.named("reset").isEmpty());
                assertThat(client.named("reset")
                                .getFirst()
                                .data()
                                .path("reason")
                                .asString())
                        .isEqualTo("unknown-position");
            }
        }
    }
}
