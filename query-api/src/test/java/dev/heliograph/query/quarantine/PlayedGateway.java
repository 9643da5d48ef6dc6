package dev.heliograph.query.quarantine;

import com.sun.net.httpserver.HttpServer;
import dev.heliograph.model.wire.ReplayAnswer;
import dev.heliograph.model.wire.ReplayRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A gateway as the API sees it: it accepts what begins like JSON, refuses the rest, and can be away. */
final class PlayedGateway implements AutoCloseable {
    private static final String SECRET = "replay-secret-0123456789";

    /** Every request that it answered. */
    final List<ReplayRequest> asked = new CopyOnWriteArrayList<>();

    private final HttpServer server;
    private volatile int status = 200;
    private volatile int answersLeft = Integer.MAX_VALUE;

    PlayedGateway() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(ReplayRequest.PATH, exchange -> {
            ReplayRequest request =
                    ReplayRequest.CODEC.decode(exchange.getRequestBody().readAllBytes());
            boolean trusted = SECRET.equals(exchange.getRequestHeaders().getFirst(ReplayRequest.SECRET_HEADER));
            byte[] body = ReplayAnswer.CODEC.encode(new ReplayAnswer(
                    1, request.messages().stream().map(PlayedGateway::judge).toList()));
            int answer = !trusted ? 404 : answersLeft <= 0 ? 503 : status;
            if (answer == 200) {
                answersLeft--;
                asked.add(request);
            }
            exchange.sendResponseHeaders(answer, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    /** The settings by which the API finds it. */
    String[] settings() {
        return new String[] {
            "--heliograph.query.replay.gateway-url=http://127.0.0.1:"
                    + server.getAddress().getPort(),
            "--heliograph.query.replay.secret=" + SECRET
        };
    }

    void answersBy(int status) {
        this.status = status;
    }

    /** So many answers more, and then none. */
    void answersOnly(int times) {
        answersLeft = times;
    }

    /** It is there, and was asked nothing. */
    void fresh() {
        status = 200;
        answersLeft = Integer.MAX_VALUE;
        asked.clear();
    }

    private static ReplayAnswer.Result judge(ReplayRequest.Message message) {
        boolean good = message.payload()[0] == '{';
        return new ReplayAnswer.Result(
                message.id(),
                good ? "accepted" : "refused",
                good ? 1 : 0,
                good ? 1 : 0,
                good ? List.of() : List.of(new ReplayAnswer.Refusal("JSON", "still none")),
                good
                        ? List.of(new ReplayAnswer.Sample(
                                String.valueOf(message.device()), message.received(), "t", "1.0", null))
                        : List.of());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
