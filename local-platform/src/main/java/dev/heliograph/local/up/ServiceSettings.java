package dev.heliograph.local.up;

import dev.heliograph.local.data.DataDirectory;
import dev.heliograph.local.kafka.EmbeddedKafka;
import dev.heliograph.local.postgres.PostgresServer;
import dev.heliograph.storage.TenantWall;
import java.net.InetAddress;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the services are told, each by its own settings. They know nothing of one another, nor of being in one process.
 *
 * @param data where state is kept
 * @param issuer the identity provider as tokens name it
 * @param kafka where Kafka is
 * @param database where the database is
 */
record ServiceSettings(DataDirectory data, URI issuer, EmbeddedKafka kafka, PostgresServer database) {
    private static final String INSTANCE = "local";
    /** A hundred years: whoever tries a recording of long ago wants to see it, and hours take hardly any room. */
    private static final String HOURS_KEPT = "36500d";

    /** The identity provider needs neither Kafka nor the database. */
    static Map<String, String> identity(DataDirectory data, URI issuer) {
        Map<String, String> settings = web();
        settings.put("heliograph.identity.issuer", issuer.toString());
        settings.put(
                "heliograph.identity.signing-key-file",
                data.secrets().file("signing-key.json").toString());
        settings.put("heliograph.identity.cli.secret", data.secrets().key("cli-client-secret"));
        settings.putAll(DemoUsers.settings(data.secrets()));
        return settings;
    }

    Map<String, String> stream() {
        Map<String, String> settings = backends();
        settings.put("heliograph.stream.state-directory", data.streams().toString());
        settings.put("heliograph.stream.instance", INSTANCE);
        settings.put("heliograph.writer.instance", INSTANCE);
        settings.put("heliograph.writer.migrate-at-start", "false");
        settings.put("heliograph.writer.retention.windows1h", HOURS_KEPT);
        return settings;
    }

    /**
     * What the API is told.
     *
     * @param identityProvider where its keys are fetched: straight from the provider, not through the front door
     * @param gateway where quarantined messages are taken again
     */
    Map<String, String> api(URI identityProvider, URI gateway) {
        Map<String, String> settings = backends();
        settings.put("heliograph.database.username", TenantWall.QUERY_ROLE);
        settings.put("heliograph.database.password", queryPassword(data));
        settings.put("heliograph.query.security.issuer", issuer.toString());
        settings.put(
                "heliograph.query.security.jwk-set-uri",
                identityProvider.resolve("/auth/oauth2/jwks").toString());
        settings.put("heliograph.query.cursor.key", data.secrets().key("cursor-key"));
        settings.put("heliograph.query.history.window-retention", HOURS_KEPT);
        settings.put("heliograph.query.replay.gateway-url", gateway.toString());
        settings.put("heliograph.query.replay.secret", data.secrets().key("replay-secret"));
        return settings;
    }

    Map<String, String> gateway(InetAddress address, int mqttPort) {
        Map<String, String> settings = backends();
        settings.put("heliograph.ingest.instance", INSTANCE);
        settings.put("heliograph.ingest.mqtt.host", address.getHostAddress());
        settings.put("heliograph.ingest.mqtt.port", Integer.toString(mqttPort));
        settings.put("heliograph.ingest.mqtt.drain.timeout", "3s");
        settings.put("heliograph.ingest.max-history-age", HOURS_KEPT);
        settings.put("heliograph.ingest.replay.secret", data.secrets().key("replay-secret"));
        return settings;
    }

    /** Of the role by which the API enters the database, behind the wall between tenants. */
    static String queryPassword(DataDirectory data) {
        return data.secrets().key("query-database-password");
    }

    private Map<String, String> backends() {
        Map<String, String> settings = web();
        settings.put("heliograph.kafka.bootstrap-servers", kafka.bootstrapServers());
        settings.put("heliograph.database.url", database.jdbcUrl());
        settings.put("heliograph.database.username", database.username());
        settings.put("heliograph.database.password", database.password());
        return settings;
    }

    /** On a free port of the loopback interface, behind the front door; health is of no use without an orchestrator. */
    private static Map<String, String> web() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("server.address", "127.0.0.1");
        settings.put("server.port", "0");
        settings.put("management.server.port", "-1");
        settings.put("spring.lifecycle.timeout-per-shutdown-phase", "4s");
        return settings;
    }
}
