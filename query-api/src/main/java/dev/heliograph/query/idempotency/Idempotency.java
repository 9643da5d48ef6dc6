package dev.heliograph.query.idempotency;

import dev.heliograph.query.idempotency.JdbcIdempotency.Earlier;
import dev.heliograph.query.problem.ProblemException;
import dev.heliograph.query.problem.Problems;
import dev.heliograph.query.security.Caller;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/**
 * Decides what becomes of a request with a key. A request that ended well is answered again; one that was refused has changed
 * nothing and gives its key back; one of which nobody knows the end (the process died under it, it failed by a fault of ours, or
 * the store went away in the middle) keeps the key, because running it again could take effect twice.
 */
final class Idempotency {
    /** No request takes longer: whoever has not ended by then never will. */
    static final Duration LONGEST_REQUEST = Duration.ofMinutes(2);

    private static final Duration RETRY_RUNNING = Duration.ofSeconds(1);
    private static final Duration RETRY_FULL = Duration.ofMinutes(1);

    private final JdbcIdempotency keys;
    private final IdempotencySettings settings;
    private final JsonMapper json;
    private final Clock clock;
    private final MeterRegistry meters;
    private final Seal seal = new Seal();

    Idempotency(
            JdbcIdempotency keys, IdempotencySettings settings, JsonMapper json, Clock clock, MeterRegistry meters) {
        this.keys = keys;
        this.settings = settings;
        this.json = json;
        this.clock = clock;
        this.meters = meters;
    }

    /**
     * Takes the key for a request, or gives the answer that it had.
     *
     * @return the earlier answer; empty where the request is to run now
     * @throws ProblemException 422 where the key stands for another request, 409 while that runs or where its end is not known,
     *     429 where the tenant has too many keys
     */
    Optional<KeptAnswer> begin(Caller caller, IdempotencyKey key, byte[] request) {
        byte[] hash = hash(caller, key);
        if (keys.claim(caller.tenant(), caller.subject(), hash, request, clock.instant(), settings.keptFor())) {
            if (keys.count(caller.tenant(), settings.maxKeys() + 1) > settings.maxKeys()) {
                keys.release(caller.tenant(), caller.subject(), hash);
                count("full");
                throw Problems.tooMany(
                        "A tenant may have " + settings.maxKeys() + " idempotency keys at a time.", RETRY_FULL);
            }
            count("first");
            return Optional.empty();
        }
        Earlier earlier = keys.find(caller.tenant(), caller.subject(), hash)
                .orElseThrow(() -> Problems.keyInUse(RETRY_RUNNING)); // given back a moment ago
        if (!MessageDigest.isEqual(earlier.requestHash(), request)) {
            count("reused");
            throw Problems.keyReused();
        }
        byte[] answer = earlier.answer();
        if (answer == null) {
            boolean mayRun = earlier.status() == null
                    && earlier.createdAt().plus(LONGEST_REQUEST).isAfter(clock.instant());
            count(mayRun ? "running" : "in-doubt");
            throw mayRun ? Problems.keyInUse(RETRY_RUNNING) : Problems.keyInDoubt();
        }
        count("replayed");
        return Optional.of(KeptAnswer.decode(json, seal.open(caller.tenant().value(), caller.subject(), key, answer)));
    }

    /** The request has ended well: keeps its answer. */
    void complete(Caller caller, IdempotencyKey key, KeptAnswer answer) {
        byte[] sealed = seal.close(caller.tenant().value(), caller.subject(), key, answer.encode(json));
        keys.complete(
                caller.tenant(),
                caller.subject(),
                hash(caller, key),
                answer.head().status(),
                sealed);
    }

    /** The request was refused: its key is free. */
    void release(Caller caller, IdempotencyKey key) {
        keys.release(caller.tenant(), caller.subject(), hash(caller, key));
    }

    /** The request has ended with a status that leaves open whether it took effect: nobody shall run it again. */
    void doubt(Caller caller, IdempotencyKey key, int status) {
        keys.doubt(caller.tenant(), caller.subject(), hash(caller, key), status);
    }

    private static byte[] hash(Caller caller, IdempotencyKey key) {
        return Seal.hash(caller.tenant().value(), caller.subject(), key);
    }

    private void count(String outcome) {
        meters.counter("heliograph.query.idempotency", "outcome", outcome).increment();
    }
}
