package dev.heliograph.systemtests.faults.plant;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialDeletion;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Kafka as processes: one node or three. Every service has a listener of its own on each node, advertised as the address of
 * a proxy, so that the way of one service can fail while the others see nothing.
 */
public final class KafkaCluster implements AutoCloseable {
    /** Who connects by an own way; {@link #DIRECT} is for the nodes themselves and for the suite. */
    public enum Client {
        DIRECT,
        GATEWAY,
        STREAM,
        API
    }

    private static final int HEAP_MEGABYTES = 320;
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration NODES_FOLLOW = Duration.ofSeconds(1);
    private static final String LOOPBACK = "127.0.0.1";
    private static final String SCRAM = "SCRAM-SHA-256";
    private static final String LOGIN = "org.apache.kafka.common.security.scram.ScramLoginModule required";
    private static final String USER = "gateway";
    private static final String PASSWORD = "the suite needs no better one";

    private final List<Node> nodes = new ArrayList<>();
    private final Path directory;
    private final Path data;
    private final boolean guarded;
    private final Place place;
    private final @Nullable InnerCertificates certificates;

    /** One node: its ports stay the same over its lives. */
    private static final class Node {
        private final List<String> arguments;
        private final Map<Client, Integer> ports;
        private final Map<Client, FaultProxy> proxies;
        private ChildProcess process;

        Node(List<String> arguments, Map<Client, Integer> ports, Map<Client, FaultProxy> proxies, ChildProcess first) {
            this.arguments = arguments;
            this.ports = ports;
            this.proxies = proxies;
            this.process = first;
        }
    }

    private KafkaCluster(
            Path directory, Path data, boolean guarded, Place place, @Nullable InnerCertificates certificates) {
        this.directory = directory;
        this.data = data;
        this.guarded = guarded;
        this.place = place;
        this.certificates = certificates;
    }

    /**
     * Starts so many nodes and waits until they serve.
     *
     * @param directory for what they print
     * @param data for their logs
     * @param guarded whether the gateway must give a password
     * @param place where services find it
     * @param certificates of encrypted connections of services; null: they are not encrypted
     */
    static KafkaCluster start(
            Path directory,
            Path data,
            int count,
            boolean guarded,
            Place place,
            @Nullable InnerCertificates certificates) {
        KafkaCluster cluster = new KafkaCluster(directory, data, guarded, place, certificates);
        String clusterId = Uuid.randomUuid().toString();
        List<Integer> controllers = LoopbackPorts.several(count);
        String voters = IntStream.range(0, count)
                .mapToObj(i -> (i + 1) + "@" + LOOPBACK + ":" + controllers.get(i))
                .collect(Collectors.joining(","));
        for (int id = 1; id <= count; id++) {
            cluster.nodes.add(cluster.node(id, count, clusterId, controllers.get(id - 1), voters));
        }
        cluster.awaitServing();
        if (guarded) {
            cluster.grantPassword();
        }
        return cluster;
    }

    private Node node(int id, int count, String clusterId, int controller, String voters) {
        List<Integer> free = LoopbackPorts.several(Client.values().length);
        Map<Client, Integer> ports = new java.util.EnumMap<>(Client.class);
        Map<Client, FaultProxy> proxies = new java.util.EnumMap<>(Client.class);
        for (Client client : Client.values()) {
            int port = free.get(client.ordinal());
            ports.put(client, port);
            if (client != Client.DIRECT) {
                proxies.put(client, FaultProxy.at(place.address(), port));
            }
        }
        String replicas = String.valueOf(count);
        String inSync = String.valueOf(count == 1 ? 1 : 2);
        List<String> arguments = new ArrayList<>();
        arguments.add("cluster.id=" + clusterId);
        arguments.add("node.id=" + id);
        arguments.add("process.roles=broker,controller");
        arguments.add("log.dirs=" + data.resolve("kafka-" + id));
        arguments.add("listeners=" + listeners(ports) + ",CONTROLLER://" + LOOPBACK + ":" + controller);
        arguments.add("advertised.listeners=" + advertised(ports, proxies));
        arguments.add("listener.security.protocol.map="
                + names().map(name -> name + ":" + protocolOf(name)).collect(Collectors.joining(","))
                + ",CONTROLLER:PLAINTEXT");
        if (guarded) {
            guard(arguments);
        }
        encryptedListeners().forEach((name, value) -> arguments.add(name + "=" + value));
        arguments.add("inter.broker.listener.name=" + Client.DIRECT);
        arguments.add("controller.listener.names=CONTROLLER");
        arguments.add("controller.quorum.voters=" + voters);
        arguments.add("default.replication.factor=" + replicas);
        arguments.add("min.insync.replicas=" + inSync);
        arguments.add("offsets.topic.replication.factor=" + replicas);
        arguments.add("offsets.topic.num.partitions=2");
        arguments.add("transaction.state.log.replication.factor=" + replicas);
        arguments.add("transaction.state.log.min.isr=" + inSync);
        arguments.add("transaction.state.log.num.partitions=2");
        arguments.add("transaction.abort.timed.out.transaction.cleanup.interval.ms=1000");
        arguments.add("share.coordinator.state.topic.replication.factor=" + replicas);
        arguments.add("share.coordinator.state.topic.min.isr=" + inSync);
        arguments.add("group.initial.rebalance.delay.ms=0");
        arguments.add("auto.create.topics.enable=false");
        arguments.add("broker.session.timeout.ms=6000");
        arguments.add("broker.heartbeat.interval.ms=500");
        arguments.add("num.network.threads=2");
        arguments.add("num.io.threads=4");
        arguments.add("log.cleaner.dedupe.buffer.size=8388608");
        arguments.add("log.index.size.max.bytes=1048576");
        arguments.add("log.segment.bytes=67108864");
        return new Node(arguments, ports, proxies, launch(id, arguments));
    }

    private String protocolOf(String listener) {
        if (certificates != null && !listener.equals(Client.DIRECT.name())) {
            return "SSL";
        }
        return isGuarded(listener) ? "SASL_PLAINTEXT" : "PLAINTEXT";
    }

    private Map<String, String> encryptedListeners() {
        InnerCertificates all = certificates;
        Map<String, String> settings = new LinkedHashMap<>();
        if (all != null) {
            names().filter(name -> protocolOf(name).equals("SSL"))
                    .forEach(name -> all.listenerSettings()
                            .forEach((setting, value) -> settings.put(
                                    "listener.name." + name.toLowerCase(Locale.ROOT) + "." + setting, value)));
        }
        return settings;
    }

    /** Every node shows and trusts what the certificates are now, to whoever connects from now on. */
    void readCertificates() {
        List<AlterConfigOp> changes = encryptedListeners().entrySet().stream()
                .filter(setting -> setting.getKey().endsWith(".location"))
                .map(setting -> new AlterConfigOp(
                        new ConfigEntry(setting.getKey(), setting.getValue()), AlterConfigOp.OpType.SET))
                .toList();
        administer(admin -> admin.incrementalAlterConfigs(IntStream.rangeClosed(1, nodes.size())
                        .mapToObj(id -> new ConfigResource(ConfigResource.Type.BROKER, String.valueOf(id)))
                        .collect(Collectors.toMap(node -> node, node -> changes)))
                .all());
        // The controller has taken it; each node follows by itself, and says nothing.
        Waiting.pause(NODES_FOLLOW);
    }

    private boolean isGuarded(String listener) {
        return guarded && listener.equals(Client.GATEWAY.name());
    }

    /** The gateway is somebody, and asked again for its password every other second; everybody else is trusted. */
    private static void guard(List<String> arguments) {
        String listener = "listener.name.gateway.";
        arguments.add(listener + "sasl.enabled.mechanisms=" + SCRAM);
        arguments.add(listener + "scram-sha-256.sasl.jaas.config=" + LOGIN + ";");
        arguments.add(listener + "scram-sha-256.connections.max.reauth.ms=2000");
        arguments.add("authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        arguments.add("super.users=User:ANONYMOUS");
        arguments.add("allow.everyone.if.no.acl.found=true");
    }

    /** What a client must say; nothing where nobody is asked. */
    Map<String, String> credentials(Client client) {
        if (protocolOf(client.name()).equals("SSL")) {
            return Objects.requireNonNull(certificates).clientSettings();
        }
        return isGuarded(client.name())
                ? Map.of(
                        "security.protocol",
                        "SASL_PLAINTEXT",
                        "sasl.mechanism",
                        SCRAM,
                        "sasl.jaas.config",
                        LOGIN + " username=\"" + USER + "\" password=\"" + PASSWORD + "\";")
                : Map.of();
    }

    /** The gateway's password is right. */
    public void grantPassword() {
        administer(admin -> admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                        USER, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4_096), PASSWORD)))
                .all());
    }

    /** The gateway's password is right no more, for its open connections neither. */
    public void revokePassword() {
        administer(admin -> admin.alterUserScramCredentials(
                        List.of(new UserScramCredentialDeletion(USER, ScramMechanism.SCRAM_SHA_256)))
                .all());
    }

    /** The gateway may do nothing, or again what everybody may. */
    public void forbid(boolean forbidden) {
        List<AclBinding> all = Stream.of(ResourceType.TOPIC, ResourceType.CLUSTER)
                .map(type -> new AclBinding(
                        new ResourcePattern(
                                type, type == ResourceType.CLUSTER ? "kafka-cluster" : "*", PatternType.LITERAL),
                        new AccessControlEntry("User:" + USER, "*", AclOperation.ALL, AclPermissionType.DENY)))
                .toList();
        administer(admin -> forbidden
                ? admin.createAcls(all).all()
                : admin.deleteAcls(all.stream().map(AclBinding::toFilter).toList())
                        .all());
    }

    /** The largest record, or batch of records, that a topic takes from now on. */
    public void limitMessages(String topic, int bytes) {
        configure(topic, TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(bytes));
    }

    /** Sets a property of a topic. */
    public void configure(String topic, String property, String value) {
        administer(admin -> admin.incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.TOPIC, topic),
                        List.of(new AlterConfigOp(new ConfigEntry(property, value), AlterConfigOp.OpType.SET))))
                .all());
    }

    /** Deletes a topic with all that is in it, and waits until it is not there. */
    public void delete(String topic) {
        administer(admin -> admin.deleteTopics(List.of(topic)).all());
        Waiting.until(topic + " is gone", START_LIMIT, () -> !topics().contains(topic));
    }

    /** Every record of a topic as it is there now, with its partition, time and headers. */
    public List<ProducerRecord<byte[], byte[]>> read(String topic) {
        List<ProducerRecord<byte[], byte[]>> all = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers(Client.DIRECT)),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(one -> all.add(new ProducerRecord<>(
                                topic, one.partition(), one.timestamp(), one.key(), one.value(), one.headers())));
            }
        }
        return all;
    }

    /** Writes records, and waits until they are there. */
    public void write(List<ProducerRecord<byte[], byte[]>> records) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers(Client.DIRECT)),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            records.forEach(producer::send);
            producer.flush();
        }
    }

    /** The topics that are there. */
    public Set<String> topics() {
        Set<String> names = new TreeSet<>();
        administer(admin -> admin.listTopics().names().thenApply(names::addAll));
        return names;
    }

    private void administer(Function<Admin, KafkaFuture<?>> change) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers(Client.DIRECT)))) {
            change.apply(admin).get(30, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException failure) {
            throw new IllegalStateException("cannot change what Kafka goes by", failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private ChildProcess launch(int id, List<String> arguments) {
        String name = "kafka-" + id;
        return ChildProcess.java(
                name, directory.resolve(name + ".log"), HEAP_MEGABYTES, KafkaNode.class.getName(), arguments);
    }

    private static java.util.stream.Stream<String> names() {
        return java.util.Arrays.stream(Client.values()).map(Client::name);
    }

    private static String listeners(Map<Client, Integer> ports) {
        return ports.entrySet().stream()
                .map(entry -> entry.getKey() + "://" + LOOPBACK + ":" + entry.getValue())
                .collect(Collectors.joining(","));
    }

    private String advertised(Map<Client, Integer> ports, Map<Client, FaultProxy> proxies) {
        return ports.entrySet().stream()
                .map(entry -> {
                    FaultProxy proxy = proxies.get(entry.getKey());
                    return entry.getKey() + "://"
                            + (proxy == null ? LOOPBACK + ":" + entry.getValue() : place.host() + ":" + proxy.port());
                })
                .collect(Collectors.joining(","));
    }

    /** What this client connects to. */
    public String bootstrapServers(Client client) {
        return nodes.stream()
                .map(node -> {
                    FaultProxy proxy = node.proxies.get(client);
                    return proxy == null ? LOOPBACK + ":" + node.ports.get(client) : place.host() + ":" + proxy.port();
                })
                .collect(Collectors.joining(","));
    }

    /** The way of this client to all nodes. */
    public Link link(Client client) {
        return new Link(nodes.stream()
                .map(node -> node.proxies.get(client))
                .filter(java.util.Objects::nonNull)
                .toList());
    }

    public int size() {
        return nodes.size();
    }

    /** The processes as they are now. */
    public List<ChildProcess> processes() {
        return nodes.stream().map(node -> node.process).toList();
    }

    /** SIGKILL for a node, counted from 0. */
    public void kill(int node) {
        nodes.get(node).process.kill();
    }

    /**
     * The host of a node loses power, see {@link PowerLoss}.
     *
     * @return how many bytes of its logs are gone
     */
    public long losePower(int node, Random chance) {
        kill(node);
        try {
            return PowerLoss.strike(data.resolve("kafka-" + (node + 1)), chance);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Waits until every replica is in sync, and lets each partition be led by the node that is to lead it. */
    public void awaitInSync() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers(Client.DIRECT)))) {
            Waiting.until("all replicas are in sync", START_LIMIT, () -> isInSync(admin));
            admin.electLeaders(ElectionType.PREFERRED, null).partitions().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException failure) {
            throw new IllegalStateException("cannot elect leaders", failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static boolean isInSync(Admin admin) {
        try {
            Set<String> topics = admin.listTopics(new ListTopicsOptions().listInternal(true))
                    .names()
                    .get(30, TimeUnit.SECONDS);
            return admin.describeTopics(topics).allTopicNames().get(30, TimeUnit.SECONDS).values().stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .allMatch(partition ->
                            partition.isr().size() == partition.replicas().size());
        } catch (ExecutionException | TimeoutException notNow) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** SIGTERM for a node. */
    public void terminate(int node) {
        nodes.get(node).process.terminate();
    }

    /** Starts a node again on its data and its ports. */
    public void restart(int node) {
        Node old = nodes.get(node);
        old.process = launch(node + 1, old.arguments);
    }

    /** The node that leads a partition, counted from 0. */
    public int leaderOf(TopicPartition partition) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers(Client.DIRECT)))) {
            return admin.describeTopics(List.of(partition.topic()))
                            .allTopicNames()
                            .get(30, TimeUnit.SECONDS)
                            .get(partition.topic())
                            .partitions()
                            .get(partition.partition())
                            .leader()
                            .id()
                    - 1;
        } catch (ExecutionException | TimeoutException failure) {
            throw new IllegalStateException("cannot ask who leads " + partition, failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /**
     * Waits until every node is registered and answers. Each is asked by itself: one that lived through the death of the
     * others goes on counting them.
     */
    public void awaitServing() {
        for (Node node : nodes) {
            Waiting.until("Kafka serves", START_LIMIT, () -> isServing(node));
        }
    }

    private boolean isServing(Node node) {
        try (Admin admin = Admin.create(Map.of(
                "bootstrap.servers",
                LOOPBACK + ":" + node.ports.get(Client.DIRECT),
                "default.api.timeout.ms",
                "3000",
                "request.timeout.ms",
                "2000"))) {
            return admin.describeCluster().nodes().get(4, TimeUnit.SECONDS).size() == nodes.size();
        } catch (ExecutionException | TimeoutException notYet) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public void close() {
        nodes.forEach(node -> {
            node.process.kill();
            node.proxies.values().forEach(FaultProxy::close);
        });
    }
}
