package dev.heliograph.systemtests.faults.plant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The nemesis of connections must itself be right: bytes whole and in order, and faults that really happen. */
class FaultProxyTest {
    private static final int QUIET_MILLIS = 300;
    private static final int PATIENT_MILLIS = 10_000;

    private ServerSocket echo;
    private FaultProxy proxy;

    @BeforeEach
    void start() throws IOException {
        echo = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
        proxy = FaultProxy.before(echo.getLocalPort());
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        echo.close();
    }

    private void serve() {
        while (!echo.isClosed()) {
            try {
                Socket client = echo.accept();
                Thread.ofVirtual().start(() -> {
                    try (client) {
                        client.getInputStream().transferTo(client.getOutputStream());
                    } catch (IOException reset) {
                        // a test cut it
                    }
                });
            } catch (IOException closed) {
                return;
            }
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setSoTimeout(PATIENT_MILLIS);
        return socket;
    }

    @Test
    void givenSeveralServers_whenOneRefuses_thenTheOthersGetWhatComesInTurn() throws IOException {
        int refusing;
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            refusing = gone.getLocalPort();
        }
        try (ServerSocket first = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
                ServerSocket second = new ServerSocket(0, 16, InetAddress.getLoopbackAddress())) {
            proxy.aimAt(first.getLocalPort(), refusing, second.getLocalPort());
            first.setSoTimeout(PATIENT_MILLIS);
            second.setSoTimeout(PATIENT_MILLIS);

            List<Socket> clients = List.of(connect(), connect(), connect(), connect());
            for (Socket client : clients) {
                client.getOutputStream().write(7);
            }
            Socket toFirst = first.accept();
            Socket toSecond = second.accept();
            assertThat(toFirst.getInputStream().read()).isEqualTo(7);
            assertThat(toSecond.getInputStream().read()).isEqualTo(7);
            proxy.flapTo(first.getLocalPort());

            assertThatThrownBy(() -> toFirst.getInputStream().read()).isInstanceOf(IOException.class);
            toSecond.setSoTimeout(QUIET_MILLIS);
            assertThatThrownBy(() -> toSecond.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    @Test
    void givenAConnection_whenThePlaceRefusesAfterAMove_thenItIsResetAndTheNewPlaceServes() throws IOException {
        assumeTrue(Names.isPossible(), "needs more than one address of the loopback network");
        try (Socket old = connect()) {
            assertThat(echoed(old)).isEqualTo(5);

            proxy.moveTo(elsewhere(), FaultProxy.OldPlace.REFUSES);

            assertThatThrownBy(() -> old.getInputStream().read()).isInstanceOf(IOException.class);
            assertThatThrownBy(this::connect).isInstanceOf(IOException.class);
            assertThat(proxy.isInUse()).isFalse();
            try (Socket fresh = new Socket(elsewhere(), proxy.port())) {
                fresh.setSoTimeout(PATIENT_MILLIS);
                assertThat(echoed(fresh)).isEqualTo(5);
                assertThat(proxy.isInUse()).isTrue();
            }
        }
    }

    @Test
    void givenAConnection_whenThePlaceIsSilentAfterAMove_thenNobodyIsToldAndTheNewPlaceServes() throws IOException {
        assumeTrue(Names.isPossible(), "needs more than one address of the loopback network");
        try (Socket old = connect()) {
            assertThat(echoed(old)).isEqualTo(5);

            proxy.moveTo(elsewhere(), FaultProxy.OldPlace.IS_SILENT);

            proxy.heal(); // heals faults, not an address that was left
            try (Socket late = connect();
                    Socket fresh = new Socket(elsewhere(), proxy.port())) {
                for (Socket silent : List.of(old, late)) {
                    silent.setSoTimeout(QUIET_MILLIS);
                    assertThatThrownBy(() -> echoed(silent)).isInstanceOf(SocketTimeoutException.class);
                }
                fresh.setSoTimeout(PATIENT_MILLIS);
                assertThat(echoed(fresh)).isEqualTo(5);
            }
        }
    }

    private static int echoed(Socket socket) throws IOException {
        socket.getOutputStream().write(5);
        return socket.getInputStream().read();
    }

    private static InetAddress elsewhere() throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 2});
    }

    @Test
    void givenNoFault_whenAMegabyteGoesThrough_thenEveryByteComesBackInOrder() throws IOException {
        byte[] bytes = new byte[1 << 20];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 31 + i / 251);
        }
        try (Socket socket = connect()) {
            Thread.ofVirtual().start(() -> {
                try {
                    socket.getOutputStream().write(bytes);
                } catch (IOException failure) {
                    throw new IllegalStateException(failure);
                }
            });

            byte[] back = socket.getInputStream().readNBytes(bytes.length);

            assertThat(back).isEqualTo(bytes);
        }
    }

    @Test
    void givenAConnection_whenCut_thenItEndsAndNobodyConnectsUntilHealed() throws IOException {
        try (Socket socket = connect()) {
            ask(socket, 1);

            proxy.cut();

            assertThatThrownBy(() -> ask(socket, 2)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> {
                        try (Socket second = connect()) {
                            ask(second, 3);
                        }
                    })
                    .isInstanceOf(IOException.class);
            proxy.heal();
            try (Socket third = connect()) {
                assertThat(ask(third, 4)).isEqualTo(4);
            }
        }
    }

    @Test
    void givenSilence_whenHealed_thenWhatWasHeldBackArrives() throws IOException {
        try (Socket socket = connect()) {
            ask(socket, 1);
            proxy.silenceAnswers();
            socket.getOutputStream().write(2);
            socket.setSoTimeout(QUIET_MILLIS);
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);

            proxy.heal();

            socket.setSoTimeout(PATIENT_MILLIS);
            assertThat(socket.getInputStream().read()).isEqualTo(2);
        }
    }

    @Test
    void givenADelay_whenABytePasses_thenItTakesThatLongEachWay() throws IOException {
        proxy.delay(100);
        try (Socket socket = connect()) {
            long started = System.nanoTime();

            int back = ask(socket, 7);

            assertThat(back).isEqualTo(7);
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
        }
    }

    @Test
    void givenANarrowWay_whenBytesPass_thenTheyTakeTheirTime() throws IOException {
        proxy.narrow(20_000);
        try (Socket socket = connect()) {
            long started = System.nanoTime();
            socket.getOutputStream().write(new byte[4_000]);

            byte[] back = socket.getInputStream().readNBytes(4_000);

            assertThat(back).hasSize(4_000);
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
        }
    }

    @Test
    void givenAnotherTarget_whenSomebodyConnects_thenItIsReached() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            proxy.aimAt(other.getLocalPort());
            try (Socket socket = connect();
                    Socket reached = other.accept();
                    InputStream in = reached.getInputStream()) {
                socket.getOutputStream().write(9);

                assertThat(in.read()).isEqualTo(9);
            }
        }
    }

    private static int ask(Socket socket, int value) throws IOException {
        socket.getOutputStream().write(value);
        int back = socket.getInputStream().read();
        if (back < 0) {
            throw new IOException("the connection has ended");
        }
        return back;
    }
}
