package dev.heliograph.systemtests.faults;

import dev.heliograph.systemtests.faults.load.Tenant;
import dev.heliograph.systemtests.faults.plant.Plant;
import dev.heliograph.systemtests.faults.plant.Service;
import dev.heliograph.systemtests.faults.plant.Waiting;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A tenant that lives through all faults, posts by HTTP, and whose every word is one that no other tenant may ever be shown.
 */
final class Canary implements AutoCloseable {
    /** In its device's id, in a state, and in the name of its tenant. */
    static final String WORD = "canary-1f7c";

    private static final List<String> ANSWERS = List.of(
            "/me",
            "/fleet/summary",
            "/devices?limit=500",
            "/devices/tooth-0",
            "/devices/tooth-0/latest",
            "/data/tooth-0?metric=level",
            "/devices/no-such-device",
            "/metrics",
            "/sites",
            "/rules",
            "/alerts?limit=500",
            "/quarantine?limit=100",
            "/ledger",
            "/ledger/gaps",
            "/system",
            "/data/tooth-0?metric=level&from=yesterday");

    private static final Duration EVERY = Duration.ofMillis(250);
    private static final Duration AGAIN_AFTER = Duration.ofMillis(500);

    private final Tenant tenant;
    private final Thread thread;
    private volatile boolean closed;

    Canary(Plant plant, Path directory) {
        tenant = new Tenant(plant, WORD + "-tenant", Tenant.Load.usual(1), directory.resolve("canary"));
        tenant.addDevice(WORD);
        thread = Thread.ofVirtual().name("canary").start(this::sing);
    }

    private void sing() {
        for (long count = 0; !closed; count++) {
            String body = "{\"ts\": %d, \"metrics\": {\"song\": %d, \"note\": \"%s\"}}"
                    .formatted(System.currentTimeMillis(), count, WORD);
            while (!closed && !tenant.post(WORD, body)) {
                Waiting.pause(AGAIN_AFTER);
            }
            Waiting.pause(EVERY);
        }
    }

    /** The tenant, for the checkers. */
    Tenant tenant() {
        return tenant;
    }

    /** Places where another tenant, or the metrics that everybody reads, show a word of the canary. */
    static List<String> seenBy(Tenant other, Plant plant) {
        List<String> seen = new ArrayList<>();
        for (String path : ANSWERS) {
            try {
                HttpResponse<String> answer = other.api().ask(path);
                if (answer.body().contains(WORD) || answer.headers().toString().contains(WORD)) {
                    seen.add("GET " + path + " of " + other.id() + " shows " + WORD);
                }
            } catch (IOException noAnswer) {
                seen.add("GET " + path + " had no answer: " + noAnswer);
            }
        }
        if (other.viewer().everything().contains(WORD)) {
            seen.add("the live stream of " + other.id() + " shows " + WORD);
        }
        for (Service service : plant.services()) {
            try {
                if (service.metrics().contains(WORD)) {
                    seen.add("the metrics of " + service.name() + " show " + WORD);
                }
            } catch (IOException noAnswer) {
                seen.add("the metrics of " + service.name() + " had no answer: " + noAnswer);
            }
        }
        return seen;
    }

    /** Stops posting. */
    @Override
    public void close() {
        closed = true;
        try {
            thread.join(Duration.ofSeconds(15));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
