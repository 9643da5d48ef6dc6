package dev.heliograph.ingest.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InFlightBudgetTest {
    private static final long PLENTY = 1_000_000_000L;

    @ParameterizedTest
    @CsvSource({"1, 800", "2, 444", "5, 190"})
    void givenTenantsThatTakeAllTheyCan_whenNothingComesBack_thenEachHasTheSameAndSomeIsLeftFree(
            int tenants, int each) {
        InFlightBudget budget = new InFlightBudget(1_000, PLENTY);
        List<List<InFlightBudget.Share>> devices = new ArrayList<>();
        for (int tenant = 0; tenant < tenants; tenant++) {
            InFlightBudget.Share share = budget.tenantShare();
            List<InFlightBudget.Share> own = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                own.add(budget.deviceShare(share));
            }
            devices.add(own);
        }
        int[] held = new int[tenants];

        for (int round = 0; round < 1_000; round++) {
            for (int tenant = 0; tenant < tenants; tenant++) {
                InFlightBudget.Share device = devices.get(tenant).get(round);
                if (budget.hasRoom(device)) {
                    budget.take(device, 0);
                    held[tenant]++;
                }
            }
        }

        for (int tenant = 0; tenant < tenants; tenant++) {
            assertThat(held[tenant]).isCloseTo(each, Offset.offset(3));
        }
        InFlightBudget.Share newcomer = budget.deviceShare(budget.tenantShare());
        assertThat(budget.take(newcomer, 0)).as("whoever comes new finds room").isTrue();
    }

    @Test
    void givenOneDeviceOfATenant_whenItTakesAllItCan_thenHalfIsLeftForTheOthers() {
        InFlightBudget budget = new InFlightBudget(1_000, PLENTY);
        InFlightBudget.Share tenant = budget.tenantShare();
        InFlightBudget.Share hot = budget.deviceShare(tenant);

        while (budget.take(hot, 0)) {
            // Until it must wait.
        }

        assertThat(budget.messages()).isEqualTo(500);
        assertThat(budget.hasRoom(budget.deviceShare(tenant))).isTrue();
    }

    @Test
    void givenLargePayloads_whenTheirBytesAreUsedUp_thenTheBoundIsThatOfBytes() {
        InFlightBudget budget = new InFlightBudget(1_000_000, 10_000_000);
        InFlightBudget.Share device = budget.deviceShare(budget.tenantShare());
        int taken = 1;

        while (budget.take(device, 98_976)) {
            taken++;
        }

        assertThat(taken).as("half of 10 MB in messages of 100 kB").isBetween(49, 51);
        assertThat(budget.bytes()).isEqualTo(taken * 100_000L);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void givenWaitingConnections_whenMessagesComeBackInAnyOrder_thenAllAreWokenAndTheBoundIsKept(long seed) {
        Random random = new Random(seed);
        int max = 50;
        InFlightBudget budget = new InFlightBudget(max, PLENTY);
        List<InFlightBudget.Share> tenants = List.of(budget.tenantShare(), budget.tenantShare(), budget.tenantShare());
        List<InFlightBudget.Share> devices = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            devices.add(budget.deviceShare(tenants.get(random.nextInt(3))));
        }
        int[] left = new int[devices.size()];
        java.util.Arrays.fill(left, 20);
        Queue<Integer> mayRead = new ArrayDeque<>();
        Set<Integer> waiting = new HashSet<>();
        for (int i = 0; i < devices.size(); i++) {
            mayRead.add(i);
        }
        List<Integer> inFlight = new ArrayList<>();
        int most = 0;

        for (int step = 0; step < 100_000 && !(mayRead.isEmpty() && inFlight.isEmpty()); step++) {
            if (!mayRead.isEmpty() && (inFlight.isEmpty() || random.nextInt(3) > 0)) {
                int device = mayRead.poll();
                if (left[device] == 0) {
                    continue; // woken, and has nothing to send
                }
                left[device]--;
                inFlight.add(device);
                most = Math.max(most, inFlight.size());
                if (budget.take(devices.get(device), 0)) {
                    mayRead.add(device);
                } else {
                    waiting.add(device);
                    budget.whenRoom(devices.get(device), () -> {
                        waiting.remove(device);
                        mayRead.add(device);
                    });
                }
            } else {
                int device = inFlight.remove(random.nextInt(inFlight.size()));
                budget.giveBack(devices.get(device), 0);
            }
        }

        assertThat(waiting).as("nobody waits for ever").isEmpty();
        assertThat(left).containsOnly(0);
        assertThat(budget.messages()).isZero();
        assertThat(most).as("the bound, and one message of each connection").isLessThanOrEqualTo(max + devices.size());
    }
}
