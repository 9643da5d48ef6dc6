package dev.heliograph.ingest.it;

import java.nio.file.Path;

/** With an Apache ActiveMQ Artemis, which comes with the build. */
class ArtemisSubscriptionIT extends SubscriptionSuite {
    @Override
    TestBroker broker(Path directory) {
        return Artemis.start(directory.resolve("artemis"));
    }

    /**
     * It does not look at acknowledgements that were still to be read when a connection ended, and delivers once more what is
     * on its way when a resumed session subscribes: for each of the two connections.
     */
    @Override
    int mostDeliveries() {
        return 3;
    }
}
