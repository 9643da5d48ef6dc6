package dev.heliograph.systemtests.faults;

import dev.heliograph.systemtests.faults.plant.Plant;
import dev.heliograph.systemtests.faults.plant.Service;
import java.time.Duration;
import java.util.List;

/** Restarts that are meant. */
final class UpgradeFaults {
    private UpgradeFaults() {}

    /**
     * Two of each service, restarted one after the other as Kubernetes does it with an update: the next is asked to go when the
     * one before is ready again. Devices and users come to either of two.
     */
    static Fault rollingUpdate() {
        return Fault.of("F50", "two of each service, each restarted when the one before is ready", run -> {
                    Plant plant = run.plant();
                    String id = run.tenant().id();
                    Service gateway = plant.anotherGateway(id + "-gateway-2");
                    Service stream = plant.anotherStream(id + "-stream-2");
                    Service api = plant.anotherApi(id + "-api-2");
                    List<Service> gateways = List.of(plant.gateway(), gateway);
                    List<Service> streams = List.of(plant.stream(), stream);
                    List<Service> apis = List.of(plant.api(), api);
                    try {
                        for (Service fresh : List.of(gateway, stream, api)) {
                            fresh.awaitReady();
                        }
                        plant.aimDevicesAt(gateways);
                        plant.toGateway().flap();
                        plant.aimUsersAt(apis);
                        run.healed();
                        for (List<Service> kind : List.of(streams, apis, gateways)) {
                            // As a StatefulSet: the last one first.
                            for (Service service : kind.reversed()) {
                                service.process().terminate();
                                run.healed();
                                Faults.startAgain(run, service);
                            }
                        }
                        stream.process().terminate();
                        run.healed();
                    } finally {
                        plant.aimDevicesAt(List.of(plant.gateway()));
                        plant.aimUsersAt(List.of(plant.api()));
                        List.of(gateway, stream, api)
                                .forEach(service -> service.process().kill());
                    }
                    run.healed();
                })
                .settlingWithin(Duration.ofSeconds(120));
    }
}
