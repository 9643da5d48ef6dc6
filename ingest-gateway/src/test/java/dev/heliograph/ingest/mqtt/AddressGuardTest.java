package dev.heliograph.ingest.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.ingest.TestSettings;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressGuardTest {
    private static final InetAddress ADDRESS = InetAddress.ofLiteral("192.0.2.1");
    private static final InetAddress OTHER = InetAddress.ofLiteral("192.0.2.2");

    private long now;

    @Test
    void givenAFloodFromOneAddress_whenItGoesOn_thenItsRateIsKeptAndOthersAreServed() {
        AddressGuard guard = guard("admission.connects-per-second-per-address=10");
        int admitted = 0;

        for (int i = 0; i < 10_000; i++) {
            now += TimeUnit.MILLISECONDS.toNanos(1);
            if (guard.opened(ADDRESS) == AddressGuard.Verdict.ADMITTED) {
                admitted++;
                guard.settled(ADDRESS);
            }
        }

        assertThat(admitted)
                .as("ten seconds at ten a second, and the burst of as many")
                .isBetween(190, 201);
        assertThat(guard.opened(OTHER)).isEqualTo(AddressGuard.Verdict.ADMITTED);
    }

    @Test
    void givenSocketsThatDoNotConnect_whenTheyPileUp_thenTheirAddressIsBoundedAndThenTheInstance() {
        AddressGuard guard = guard("admission.max-pending=5", "admission.max-pending-per-address=3");
        for (int i = 0; i < 3; i++) {
            assertThat(guard.opened(ADDRESS)).isEqualTo(AddressGuard.Verdict.ADMITTED);
        }

        assertThat(guard.opened(ADDRESS)).isEqualTo(AddressGuard.Verdict.ADDRESS_OVER);
        assertThat(guard.opened(OTHER)).isEqualTo(AddressGuard.Verdict.ADMITTED);
        assertThat(guard.opened(OTHER)).isEqualTo(AddressGuard.Verdict.ADMITTED);
        assertThat(guard.opened(OTHER)).isEqualTo(AddressGuard.Verdict.INSTANCE_OVER);
        guard.settled(ADDRESS);
        assertThat(guard.opened(ADDRESS)).isEqualTo(AddressGuard.Verdict.ADMITTED);
        assertThat(guard.pending()).isEqualTo(5);
    }

    @Test
    void givenRefusedConnects_whenThereAreTooManyAMinute_thenTheyAreAnsweredLate() {
        AddressGuard guard = guard("admission.failures-per-minute-per-address=3");
        for (int i = 0; i < 3; i++) {
            assertThat(guard.mayAnswerAtOnce(ADDRESS)).isTrue();
        }

        assertThat(guard.mayAnswerAtOnce(ADDRESS)).isFalse();
        now += TimeUnit.SECONDS.toNanos(20);
        assertThat(guard.mayAnswerAtOnce(ADDRESS)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"2001:db8::1, 2001:db8::ffff:1, true", "2001:db8::1, 2001:db8:0:1::1, false"})
    void givenIpv6_whenCounted_thenANetworkOf64BitsIsOneAddress(String first, String second, boolean same) {
        AddressGuard guard = guard("admission.max-pending-per-address=1");
        guard.opened(InetAddress.ofLiteral(first));

        assertThat(guard.opened(InetAddress.ofLiteral(second)) == AddressGuard.Verdict.ADDRESS_OVER)
                .isEqualTo(same);
    }

    private AddressGuard guard(String... settings) {
        return new AddressGuard(TestSettings.mqtt(settings).admission(), () -> now);
    }
}
