package dev.heliograph.ingest.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.model.wire.LedgerClaimRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClaimsTest {
    private static final long MINUTE = 60_000;
    private final AtomicLong source = new AtomicLong(100);
    private final Claims claims = new Claims(source::getAndIncrement);

    private record Flight(String tenant, long minute, int units, Claims.Ticket ticket) {}

    /** Sends, answers in any order, failures, claims that get lost: the last claims are the sums of a naive list. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void givenAnswersInAnyOrder_whenAllIsClaimed_thenClaimsAreTheSums(long seed) {
        Random random = new Random(seed);
        Map<String, Long> acknowledged = new HashMap<>();
        Map<String, Long> unsure = new HashMap<>();
        Map<String, LedgerClaimRecord.Line> kafka = new HashMap<>();
        List<Flight> flights = new ArrayList<>();
        long now = 1_790_000_000_000L;
        for (int step = 0; step < 20_000; step++) {
            now += random.nextInt(300);
            if (random.nextInt(3) > 0) {
                String tenant = "t" + random.nextInt(4);
                int units = 1 + random.nextInt(5);
                // The clock is set back now and then, by more than a minute is kept.
                long received = random.nextInt(500) == 0 ? now - 10 * MINUTE : now;
                long minute = received - received % MINUTE;
                Claims.Ticket ticket = claims.sent(tenant, received, units);
                assertThat(ticket.stamp().units()).isEqualTo(units);
                flights.add(new Flight(tenant, minute, units, ticket));
            } else if (!flights.isEmpty()) {
                Flight flight = flights.remove(random.nextInt(flights.size()));
                String line = flight.tenant() + "@" + flight.minute();
                switch (random.nextInt(10)) {
                    case 0 -> {
                        claims.unsure(flight.ticket());
                        unsure.merge(line, (long) flight.units(), Long::sum);
                    }
                    case 1 -> claims.withdrawn(flight.ticket());
                    default -> {
                        claims.acknowledged(flight.ticket(), "readings", random.nextInt(6), step);
                        acknowledged.merge(line, (long) flight.units(), Long::sum);
                    }
                }
            }
            if (step % 50 == 0) {
                claim(kafka, now, random.nextInt(4) == 0);
            }
        }
        for (Flight flight : flights) {
            claims.withdrawn(flight.ticket());
        }
        claim(kafka, now, false);

        assertThat(sums(kafka, true)).isEqualTo(acknowledged);
        assertThat(sums(kafka, false)).isEqualTo(unsure);
        assertThat(claims.due(now + 100 * MINUTE)).isEmpty();
        assertThat(claims.size()).as("all is forgotten in the end").isZero();
    }

    @Test
    void givenRecordInFlight_whenMinuteIsOver_thenItIsKeptUntilSettled() {
        Claims.Ticket late = claims.sent("demo", 0, 3);
        assertThat(claims.due(10 * MINUTE)).isEmpty();

        claims.acknowledged(late, "readings", 2, 41);

        List<Claims.Claim> due = claims.due(10 * MINUTE);
        assertThat(due)
                .singleElement()
                .satisfies(claim -> assertThat(claim.line())
                        .isEqualTo(new LedgerClaimRecord.Line("demo", 0, 3, 0, Map.of("readings-2", 41L))));
        claims.claimed(due);
        assertThat(claims.due(10 * MINUTE)).isEmpty();
        assertThat(claims.size()).isZero();
    }

    @Test
    void givenAcknowledgedUnits_whenNextIsSent_thenItsStampSaysSo() {
        Claims.Ticket first = claims.sent("demo", 0, 3);
        Claims.Ticket second = claims.sent("demo", 1, 2);
        claims.acknowledged(first, "readings", 0, 0);

        assertThat(second.stamp().acknowledged()).isZero();
        assertThat(claims.sent("demo", 2, 1).stamp().acknowledged()).isEqualTo(3);
        assertThat(claims.sent("other", 2, 1).stamp().acknowledged()).isZero();
    }

    private void claim(Map<String, LedgerClaimRecord.Line> kafka, long now, boolean lost) {
        List<Claims.Claim> due = claims.due(now);
        if (!lost) {
            due.forEach(claim -> kafka.put(
                    claim.source() + "/" + claim.line().tenant() + "@"
                            + claim.line().minute() / 1_000,
                    claim.line()));
            claims.claimed(due);
        }
    }

    private static Map<String, Long> sums(Map<String, LedgerClaimRecord.Line> kafka, boolean acknowledged) {
        Map<String, Long> sums = new HashMap<>();
        kafka.values().forEach(line -> {
            long count = acknowledged ? line.acknowledged() : line.unsure();
            if (count > 0) {
                sums.merge(line.tenant() + "@" + line.minute() / 1_000, count, Long::sum);
            }
        });
        return sums;
    }
}
