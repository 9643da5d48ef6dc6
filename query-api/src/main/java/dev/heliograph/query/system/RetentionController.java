package dev.heliograph.query.system;

import dev.heliograph.query.data.RetentionTimes;
import dev.heliograph.query.security.Caller;
import dev.heliograph.query.security.RequiresRole;
import dev.heliograph.query.security.Role;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /retention}. */
@RestController
@RequestMapping("/api/v1")
@Tag(name = "system")
class RetentionController {
    private static final List<String> CLASSES = List.of("raw", "10s", "1m", "1h", "quarantine", "ledger");

    private final RetentionTimes retention;
    private final Clock clock;

    RetentionController(RetentionTimes retention, Clock clock) {
        this.retention = retention;
        this.clock = clock;
    }

    /**
     * How long the caller's tenant keeps what: as the process that deletes has told, which queries go by.
     *
     * @param at when this was told
     * @param classes finest first
     */
    record Retention(Instant at, List<KeptClass> classes) {}

    /**
     * Data that is kept for one and the same time.
     *
     * @param name {@code raw}, {@code 10s}, {@code 1m}, {@code 1h}, {@code quarantine} or {@code ledger}
     * @param keptSeconds how long; null where nothing is known of a limit
     * @param since what is older may be gone; null where nothing is known of a limit
     */
    record KeptClass(
            String name,
            @Nullable Long keptSeconds,
            @Nullable Instant since) {}

    @GetMapping("/retention")
    @RequiresRole(Role.VIEWER)
    @Operation(operationId = "getRetention", summary = "How long measurements, windows and what was refused are kept")
    Retention retention(Caller caller) {
        Instant now = clock.instant();
        Map<String, Duration> kept = retention.of(caller.tenant());
        return new Retention(
                now, CLASSES.stream().map(name -> of(name, kept.get(name), now)).toList());
    }

    private static KeptClass of(String name, @Nullable Duration time, Instant now) {
        return new KeptClass(name, time == null ? null : time.toSeconds(), time == null ? null : now.minus(time));
    }
}
