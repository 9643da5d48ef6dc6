package dev.heliograph.systemtests.faults;

import dev.heliograph.systemtests.faults.load.Roamer;
import dev.heliograph.systemtests.faults.load.Tenant;
import dev.heliograph.systemtests.faults.plant.Certificates;
import dev.heliograph.systemtests.faults.plant.DeviceSockets;
import dev.heliograph.systemtests.faults.plant.Plant;
import dev.heliograph.systemtests.faults.plant.Service;
import dev.heliograph.systemtests.faults.plant.Waiting;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.jspecify.annotations.Nullable;

/** Faults at the door: gateways that come and go behind one address, and certificates that run out. */
final class GatewayFaults {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration A_DAY = Duration.ofDays(1);
    private static final Duration SHORT_LIFE = Duration.ofSeconds(15);
    private static final Duration LOOKING = Duration.ofSeconds(3);
    private static final int HANDSHAKE_MILLIS = 5_000;
    /** Acknowledgements that may arrive when connections are already reset. */
    private static final int UNDER_WAY = 50;

    private static final String OFFLINE = "offline";

    private GatewayFaults() {}

    /**
     * From one gateway to so many and back. A device turns up at another gateway while its connection at the first still
     * stands; one gateway is asked to go and comes back; one is killed, and nobody tells the front; the others go.
     */
    static Fault severalGateways(int most) {
        return Fault.of(
                        "F11",
                        "one gateway, then " + most
                                + " behind one address: a device moves, one drains, one is killed; then one",
                        run -> {
                            Plant plant = run.plant();
                            List<Service> all = new ArrayList<>(List.of(plant.gateway()));
                            try {
                                while (all.size() < most) {
                                    all.add(plant.anotherGateway(run.tenant().id() + "-gateway-" + (all.size() + 1)));
                                    all.getLast().awaitReady();
                                    spreadOver(run, all);
                                }
                                deviceMoves(run, all);
                                plant.gateway().process().terminate();
                                run.healed();
                                Faults.startAgain(run, plant.gateway());
                                spreadOver(run, all);
                                run.moment(20, 900);
                                all.get(1).process().kill();
                                run.healed();
                                for (Service leaving : all.subList(2, all.size())) {
                                    leaving.process().terminate();
                                    run.healed();
                                }
                            } finally {
                                plant.aimDevicesAt(List.of(plant.gateway()));
                                all.stream()
                                        .skip(1)
                                        .forEach(service -> service.process().kill());
                            }
                        })
                .settlingWithin(Duration.ofSeconds(90));
    }

    /** Connections are long: new gateways get devices when these connect anew. */
    private static void spreadOver(FaultRun run, List<Service> gateways) {
        run.plant().aimDevicesAt(gateways);
        run.plant().toGateway().flap();
        run.healed();
        for (Service gateway : gateways) {
            Waiting.until(
                    gateway.name() + " has devices",
                    LIMIT,
                    () -> gateway.metric("heliograph_ingest_connections").orElse(0) > 0);
        }
    }

    private static void deviceMoves(FaultRun run, List<Service> gateways) throws MqttException {
        Tenant tenant = run.tenant();
        Roamer roamer = new Roamer(tenant, "roamer");
        Waiting.until("both gateways know the roamer", LIMIT, () -> isTakenBy(roamer, run, gateways));
        Roamer.Stay first = roamer.comeTo(run.plant().mqttPort(gateways.getFirst()));
        first.report(1);
        Roamer.Stay second = roamer.comeTo(run.plant().mqttPort(gateways.get(1)));
        second.report(2);
        // The old connection still stands, and what it sends counts as well.
        first.report(3);
        second.report(4);
        Waiting.until(
                "the roamer is there", LIMIT, () -> tenant.presenceOf("roamer").equals("reporting"));
        first.isMissed();
        long end = System.nanoTime() + LOOKING.toNanos();
        while (System.nanoTime() < end) {
            String presence = tenant.presenceOf("roamer");
            if (presence.equals(OFFLINE)) {
                throw new AssertionError("a device that has moved is called offline when its old connection ends");
            }
            Waiting.pause(Duration.ofMillis(100));
        }
        second.report(5);
        second.leave();
        Waiting.until(
                "the roamer is offline",
                LIMIT,
                () -> tenant.presenceOf("roamer").equals(OFFLINE));
    }

    /** The device table comes to each gateway by itself. */
    private static boolean isTakenBy(Roamer roamer, FaultRun run, List<Service> gateways) {
        try {
            for (Service gateway : gateways) {
                roamer.comeTo(run.plant().mqttPort(gateway)).leave();
            }
            return true;
        } catch (MqttException notYet) {
            return false;
        }
    }

    /**
     * The certificate of the gateway is renewed; the authority of devices is replaced, with a time in which both are
     * trusted; the gateway's certificate is left to expire and renewed late. All devices come by TLS.
     */
    static Fault certificatesRenewed() {
        return Fault.of(
                        "F45",
                        "certificates of the gateway renewed, left to expire, renewed late; authority of devices replaced",
                        run -> {
                            Certificates certificates = run.plant().certificates();
                            long process = run.plant().gateway().process().pid();

                            renewed(run, () -> certificates.renewServer(A_DAY));
                            comeAgain(run);
                            require(shown(run).equals(certificates.server().getCertificate()), "the new one is shown");

                            X509Bundle old = certificates.devices();
                            X509Bundle ofYesterday =
                                    certificates.ofDevice(run.tenant().id() + "/tooth-0", A_DAY);
                            X509Bundle fresh = certificates.replaceDeviceAuthority();
                            renewed(run, () -> certificates.admit(old, fresh));
                            comeAgain(run); // with certificates of the old authority
                            run.tenant().sockets().renew();
                            comeAgain(run); // with those of the new one
                            renewed(run, () -> certificates.admit(fresh));
                            run.healed();
                            refuses(run, ofYesterday, "of an authority that was let go");
                            refuses(
                                    run,
                                    certificates.ofDevice(run.tenant().id() + "/tooth-0", Duration.ofSeconds(-5)),
                                    "that has expired");

                            renewed(run, () -> certificates.renewServer(SHORT_LIFE));
                            comeAgain(run);
                            Waiting.until(
                                    "the gateway tells that its certificate has expired",
                                    LIMIT,
                                    () -> run.plant()
                                                    .gateway()
                                                    .metric("heliograph_ingest_certificate_expiry_seconds")
                                                    .orElse(1)
                                            < 0);
                            long before = run.tenant().acknowledged();
                            run.plant().toGatewayTls().flap();
                            run.last(LOOKING);
                            require(
                                    run.tenant().acknowledged() - before < UNDER_WAY,
                                    "devices refuse a gateway whose certificate has expired");
                            renewed(run, () -> certificates.renewServer(A_DAY));
                            run.healed();
                            require(run.plant().gateway().process().pid() == process, "the gateway was not restarted");
                        })
                .under(Tenant.Load::encryptedOnes);
    }

    private static void comeAgain(FaultRun run) {
        run.plant().toGatewayTls().flap();
        run.healed();
    }

    private static void renewed(FaultRun run, Runnable change) {
        Service gateway = run.plant().gateway();
        double before = reloads(gateway);
        change.run();
        Waiting.until(
                "the gateway reads its files again",
                LIMIT,
                () -> reloads(gateway) > before
                        && gateway.metric("heliograph_ingest_certificate_broken")
                                        .orElse(1)
                                == 0);
    }

    private static double reloads(Service gateway) {
        return gateway.metric("heliograph_ingest_certificate_reloads_total", "outcome=\"done\"")
                .orElse(0);
    }

    /** A device with this certificate does not get in, and the gateway counts it. */
    private static void refuses(FaultRun run, X509Bundle certificate, String what) {
        Service gateway = run.plant().gateway();
        double before = failedHandshakes(gateway);
        try (SSLSocket socket = connect(run, certificate)) {
            socket.startHandshake();
            // By TLS 1.3 the server judges after the client believes that it is connected.
            if (socket.getInputStream().read() >= 0) {
                throw new AssertionError("something is said to a certificate " + what);
            }
        } catch (SocketTimeoutException waiting) {
            throw new AssertionError("a certificate " + what + " is let in", waiting);
        } catch (IOException refused) {
            // the alert of the server, or the end of the connection
        }
        Waiting.until("a certificate " + what + " is counted", LIMIT, () -> failedHandshakes(gateway) > before);
    }

    private static double failedHandshakes(Service gateway) {
        return gateway.metric("heliograph_ingest_closed_total", "reason=\"handshake\"")
                .orElse(0);
    }

    private static java.security.cert.Certificate shown(FaultRun run) throws IOException {
        try (SSLSocket socket = connect(run, null)) {
            socket.startHandshake();
            return socket.getSession().getPeerCertificates()[0];
        }
    }

    private static SSLSocket connect(FaultRun run, @Nullable X509Bundle certificate) throws IOException {
        SSLSocket socket = (SSLSocket) DeviceSockets.showing(run.plant().certificates(), certificate)
                .createSocket("localhost", run.plant().toGatewayTls().port());
        socket.setSoTimeout(HANDSHAKE_MILLIS);
        return socket;
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("not so: " + what);
        }
    }
}
