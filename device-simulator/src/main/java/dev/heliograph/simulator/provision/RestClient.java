package dev.heliograph.simulator.provision;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Calls the REST API with a bearer token. */
final class RestClient implements AutoCloseable {
    static final JsonMapper JSON = JsonMapper.builder().build();
    /** In place of a status: there was no answer. */
    static final int NO_ANSWER = 0;

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int LONGEST_DETAIL = 500;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private final String base;
    private final Supplier<String> token;

    RestClient(URI api, Supplier<String> token) {
        this.base = api.toString().replaceAll("/+$", "") + "/api/v1";
        this.token = token;
    }

    /**
     * The body of the answer; a missing node where it is empty.
     *
     * @throws ProvisioningException if the answer is no success
     */
    JsonNode call(String method, String path, ObjectNode body) {
        Answer answer = send(method, path, JSON.writeValueAsString(body));
        if (!answer.isSuccess()) {
            throw new ProvisioningException(answer.describe());
        }
        return answer.json();
    }

    /**
     * What came back, whatever it is.
     *
     * @param what the request, for messages
     */
    record Answer(String what, int status, String body) {
        static Answer none(String what, IOException why) {
            return new Answer(what, NO_ANSWER, why.toString());
        }

        boolean isSuccess() {
            return status / 100 == 2;
        }

        String describe() {
            return status == NO_ANSWER
                    ? what + " had no answer: " + shortened(body)
                    : what + " was answered by " + status + ": " + shortened(body);
        }

        /** The body; a missing node where it is empty. */
        JsonNode json() {
            try {
                return body.isBlank() ? JSON.missingNode() : JSON.readTree(body);
            } catch (JacksonException e) {
                throw new ProvisioningException(what + " was answered by something that is not JSON", e);
            }
        }
    }

    /**
     * Sends JSON; an answer of any status is one.
     *
     * @throws ProvisioningException if there is none
     */
    Answer send(String method, String path, String body) {
        Answer answer = sendOrNoAnswer(method, path, body);
        if (answer.status() == NO_ANSWER) {
            throw new ProvisioningException(answer.describe());
        }
        return answer;
    }

    /** Sends JSON; no answer has the status {@link #NO_ANSWER}. For what may be sent again. */
    Answer sendOrNoAnswer(String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + token.get())
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, application/problem+json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        String what = method + " " + request.uri();
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            return new Answer(what, answer.statusCode(), answer.body());
        } catch (IOException e) {
            return Answer.none(what, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProvisioningException(what + " was interrupted", e);
        }
    }

    @Override
    public void close() {
        http.close();
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_DETAIL ? text : text.substring(0, LONGEST_DETAIL) + "...";
    }
}
