package dev.heliograph.query.system;

import dev.heliograph.model.reading.Micros;
import dev.heliograph.query.data.DataThrough;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Puts what is known together: the stages of the way of a reading, rates, and how far the store is. */
public final class Pipeline implements DataThrough {
    static final String GATEWAY = "ingest-gateway";
    static final String STREAM = "stream-processor";
    static final String WRITER = "writer";
    static final String API = "query-api";
    private static final double DEGRADED_LAG_SECONDS = 10;

    private final StatusBoard board;
    private final KafkaView kafka;
    private final StoreProbe store;

    public Pipeline(StatusBoard board, KafkaView kafka, StoreProbe store) {
        this.board = board;
        this.kafka = kafka;
        this.store = store;
    }

    /** Readings a second that the gateways accept; null while that is not known. */
    public @Nullable Double readingsPerSecond() {
        return orNull(board.rate(GATEWAY, "readings"));
    }

    /** Measurements a second that the gateways accept; null while that is not known. */
    public @Nullable Double measurementsPerSecond() {
        return orNull(board.rate(GATEWAY, "measurements"));
    }

    /** How far the store is behind what Kafka has, seconds; 0 while that is not known. */
    public double storeLagSeconds() {
        return board.max(WRITER, "lagSeconds").orElse(0);
    }

    @Override
    public Optional<Instant> now() {
        Instant spoke = board.spokeAt(WRITER);
        OptionalDouble lag = board.max(WRITER, "lagSeconds");
        if (spoke == null || lag.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(spoke.minus(Duration.ofMillis(Math.round(Math.max(0, lag.getAsDouble()) * 1_000))));
    }

    /** The stages in the order in which a reading passes them. */
    public List<Stage> stages() {
        return List.of(devices(), gateway(), kafka(), stream(), writer(), store(), api());
    }

    private Stage devices() {
        OptionalDouble connected = board.sum(GATEWAY, "connections");
        String state = connected.isEmpty() ? "unknown" : connected.getAsDouble() > 0 ? "ok" : "unknown";
        String detail = connected.isEmpty() ? null : Math.round(connected.getAsDouble()) + " connected by MQTT";
        return new Stage(
                "devices",
                "Devices",
                state,
                orNull(board.rate(GATEWAY, "messages")),
                null,
                null,
                null,
                null,
                detail,
                List.of());
    }

    private Stage gateway() {
        return service(
                "gateway",
                "Gateway",
                GATEWAY,
                "readings",
                board.max(GATEWAY, "oldestUnackedSeconds"),
                OptionalLong.empty(),
                board.grown(GATEWAY, "refused", "quarantined"));
    }

    private Stage kafka() {
        boolean answers = kafka.answers();
        return new Stage(
                "kafka",
                "Kafka",
                answers ? "ok" : "down",
                orNull(kafka.recordsPerSecond()),
                null,
                null,
                orNull(kafka.ageSeconds()),
                null,
                answers ? null : kafka.trouble(),
                List.of());
    }

    private Stage stream() {
        return service(
                "stream",
                "Processing",
                STREAM,
                "readings",
                OptionalDouble.empty(),
                records(board.sum(STREAM, "lagRecords")),
                OptionalLong.empty());
    }

    private Stage writer() {
        OptionalLong told = records(board.sum(WRITER, "lagRecords"));
        return service(
                "writer",
                "Writer",
                WRITER,
                "readings",
                board.max(WRITER, "lagSeconds"),
                told.isPresent() ? told : store.lagRecords(),
                board.grown(WRITER, "conflicts"));
    }

    private Stage store() {
        StoreProbe.Size size = store.size();
        String detail = !store.usable()
                ? store.detail()
                : size == null ? null : size.timescale() ? "TimescaleDB" : "PostgreSQL";
        return new Stage(
                "store",
                "Store",
                store.usable() ? "ok" : "down",
                orNull(board.rate(WRITER, "measurements")),
                null,
                null,
                null,
                null,
                detail,
                List.of());
    }

    private Stage api() {
        return service(
                "api",
                "API",
                API,
                "requests",
                OptionalDouble.empty(),
                OptionalLong.empty(),
                board.grown(API, "errors"));
    }

    private Stage service(
            String id,
            String name,
            String service,
            String counter,
            OptionalDouble lagSeconds,
            OptionalLong lagRecords,
            OptionalLong errors) {
        List<StatusBoard.View> views = board.instances(service);
        return new Stage(
                id,
                name,
                state(views, lagSeconds),
                orNull(board.rate(service, counter)),
                orNull(lagSeconds),
                lagRecords.isPresent() ? lagRecords.getAsLong() : null,
                orNull(board.silentSeconds(service)),
                errors.isPresent() ? errors.getAsLong() : null,
                detail(views),
                views.stream().map(Pipeline::instance).toList());
    }

    private static String state(List<StatusBoard.View> views, OptionalDouble lagSeconds) {
        if (views.isEmpty()) {
            return "unknown";
        }
        if (views.stream().noneMatch(StatusBoard.View::alive)) {
            return "down";
        }
        boolean well = views.stream()
                .allMatch(view -> view.alive() && view.newest().state().equals("up"));
        return well && lagSeconds.orElse(0) < DEGRADED_LAG_SECONDS ? "ok" : "degraded";
    }

    private static @Nullable String detail(List<StatusBoard.View> views) {
        for (StatusBoard.View view : views) {
            if (!view.alive()) {
                return view.newest().instance() + " has not been heard for " + StatusBoard.GONE.toSeconds() + " s";
            }
            if (view.newest().detail() != null) {
                return view.newest().detail();
            }
        }
        return null;
    }

    private static Stage.Instance instance(StatusBoard.View view) {
        String said = view.newest().state().equals("up") ? "ok" : "degraded";
        return new Stage.Instance(
                view.newest().instance(),
                view.newest().version(),
                view.alive() ? said : "down",
                Micros.toInstant(view.newest().startedAt()),
                Micros.toInstant(view.newest().at()));
    }

    private static OptionalLong records(OptionalDouble gauge) {
        return gauge.isPresent() ? OptionalLong.of(Math.round(gauge.getAsDouble())) : OptionalLong.empty();
    }

    private static @Nullable Double orNull(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }
}
