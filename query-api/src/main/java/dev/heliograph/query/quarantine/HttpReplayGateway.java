package dev.heliograph.query.quarantine;

import dev.heliograph.model.wire.ReplayAnswer;
import dev.heliograph.model.wire.ReplayRequest;
import dev.heliograph.model.wire.WireFormatException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ingest gateway by HTTP, with a shared secret. */
final class HttpReplayGateway implements ReplayGateway {
    private static final Logger LOG = LoggerFactory.getLogger(HttpReplayGateway.class);
    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final int OK = 200;

    private final ReplaySettings settings;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    HttpReplayGateway(ReplaySettings settings) {
        this.settings = settings;
    }

    @Override
    public ReplayAnswer ask(ReplayRequest request) throws Away {
        @Nullable URI gateway = settings.gatewayUrl();
        if (gateway == null) {
            throw new Away("Replay is not set up: heliograph.query.replay.gateway-url is not given.");
        }
        HttpRequest http = HttpRequest.newBuilder(gateway.resolve(ReplayRequest.PATH))
                .timeout(settings.timeout())
                .header(ReplayRequest.SECRET_HEADER, String.valueOf(settings.secret()))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(ReplayRequest.CODEC.encode(request)))
                .build();
        try {
            HttpResponse<byte[]> response = this.http.send(http, HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() != OK) {
                LOG.warn("The gateway answered a replay with status {}", response.statusCode());
                throw new Away("The gateway does not take replays now (status " + response.statusCode() + ").");
            }
            ReplayAnswer answer = ReplayAnswer.CODEC.decode(response.body());
            if (answer.results().size() != request.messages().size()) {
                throw new Away("The gateway answered for another number of messages.");
            }
            return answer;
        } catch (IOException | WireFormatException failure) {
            LOG.warn("The gateway did not answer a replay: {}", failure.toString());
            throw new Away("The gateway does not answer.");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new Away("The service is stopping.");
        }
    }
}
