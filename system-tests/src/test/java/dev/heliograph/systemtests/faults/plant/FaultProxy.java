package dev.heliograph.systemtests.faults.plant;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection that can be made to fail: cut with a reset, silent in one direction or both (as when packets are dropped),
 * slow, or narrow. It needs no privileges. Before several servers it is what Kubernetes calls a service: new connections go
 * to them in turn, past those that refuse. It can move to another address, as what has a name does. All methods may be
 * called by any thread.
 */
public final class FaultProxy implements AutoCloseable {
    private static final int CHUNK_BYTES = 16 * 1024;
    private static final int CHUNKS_UNDER_WAY = 64;
    private static final int CONNECT_MILLIS = 2_000;

    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final AtomicInteger turn = new AtomicInteger();
    private volatile Door door;
    private volatile List<Integer> targets;
    private final List<Door> former = new CopyOnWriteArrayList<>();
    private boolean refusing;
    private boolean silentToServer;
    private boolean silentToClient;
    private long delayNanos;
    private long bytesPerSecond = Long.MAX_VALUE;

    private record Chunk(byte[] bytes, long dueNanos) {}

    private enum Direction {
        TO_SERVER,
        TO_CLIENT
    }

    /** What becomes of the place that something has left. */
    public enum OldPlace {
        /** What is connected is reset, and what connects is refused: the machine is there. */
        REFUSES,
        /** Nothing arrives any more, nobody is told, and new connections are not answered. */
        IS_SILENT
    }

    private FaultProxy(InetAddress address, int targetPort) {
        this.targets = List.of(targetPort);
        this.door = open(address, 0);
    }

    /** A proxy on a free port of the loopback interface, before a port of the same. */
    public static FaultProxy before(int targetPort) {
        return at(InetAddress.getLoopbackAddress(), targetPort);
    }

    /** The same on another address of the loopback network. */
    public static FaultProxy at(InetAddress address, int targetPort) {
        return new FaultProxy(address, targetPort);
    }

    private Door open(InetAddress address, int port) {
        try {
            Door opened = new Door(new ServerSocket(port, 256, address));
            Thread.ofVirtual().name("proxy-" + opened.listener.getLocalPort()).start(() -> accept(opened));
            return opened;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** From now on it is at another address, on the same port; the old place is left for good. */
    public void moveTo(InetAddress address, OldPlace left) {
        Door old = door;
        door = open(address, port());
        if (left == OldPlace.IS_SILENT) {
            change(() -> old.deaf = true);
        } else {
            close(old);
            connections.stream().filter(one -> one.door == old).forEach(Connection::reset);
        }
        former.add(old);
    }

    /** Where it listens now. */
    InetAddress address() {
        return door.listener.getInetAddress();
    }

    /** Where clients connect. */
    public int port() {
        return door.listener.getLocalPort();
    }

    /** Whether somebody has a connection to where it is now. */
    public boolean isInUse() {
        Door now = door;
        return connections.stream().anyMatch(connection -> connection.door == now && connection.server != null);
    }

    /** Sends new connections to another port, or to several in turn. */
    public void aimAt(Integer... ports) {
        targets = List.of(ports);
    }

    /** Resets what is connected and whatever connects from now on. */
    public void cut() {
        change(() -> refusing = true);
        flap();
    }

    /** Resets what is connected, once. */
    public void flap() {
        connections.forEach(Connection::reset);
    }

    /** Resets what is connected to one of several servers, once. */
    public void flapTo(int port) {
        connections.stream().filter(connection -> connection.leadsTo(port)).forEach(Connection::reset);
    }

    /** Nothing arrives any more, and nobody is told: packets that are dropped in both directions. */
    public void silence() {
        change(() -> {
            silentToServer = true;
            silentToClient = true;
        });
    }

    /** What the server says is held back; what clients say arrives. */
    public void silenceAnswers() {
        change(() -> silentToClient = true);
    }

    /** What clients say is held back; what the server says arrives. */
    public void silenceRequests() {
        change(() -> silentToServer = true);
    }

    /** Every byte arrives so much later. */
    public void delay(long millis) {
        change(() -> delayNanos = TimeUnit.MILLISECONDS.toNanos(millis));
    }

    /** At most so many bytes a second in each direction of each connection. */
    public void narrow(long newBytesPerSecond) {
        change(() -> bytesPerSecond = newBytesPerSecond);
    }

    /** As if nothing had been; what was held back arrives now. */
    public void heal() {
        change(() -> {
            refusing = false;
            silentToServer = false;
            silentToClient = false;
            delayNanos = 0;
            bytesPerSecond = Long.MAX_VALUE;
        });
    }

    @Override
    public void close() {
        try {
            former.forEach(FaultProxy::close);
            close(door);
        } finally {
            cut();
        }
    }

    private static void close(Door one) {
        try {
            one.listener.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void change(Runnable settings) {
        lock.lock();
        try {
            settings.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean isRefusing() {
        lock.lock();
        try {
            return refusing;
        } finally {
            lock.unlock();
        }
    }

    private void accept(Door at) {
        while (!at.listener.isClosed()) {
            try {
                Socket client = at.listener.accept();
                Thread.ofVirtual().start(() -> connect(client, at));
            } catch (IOException closed) {
                return; // the only reason to stop accepting
            }
        }
    }

    private void connect(Socket client, Door at) {
        Connection connection = new Connection(client, at);
        connections.add(connection);
        try {
            if (isRefusing()) {
                connection.reset();
                return;
            }
            client.setTcpNoDelay(true);
            connection.carryTo(reach());
        } catch (IOException unreachable) {
            connection.reset();
        }
    }

    /** A connection to the server whose turn it is, or the next that takes one. */
    private Socket reach() throws IOException {
        List<Integer> all = targets;
        IOException refusal = new IOException("nowhere to go");
        for (int tried = 0; tried < all.size(); tried++) {
            int port = all.get(Math.floorMod(turn.getAndIncrement(), all.size()));
            Socket server = new Socket();
            try {
                server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
                server.setTcpNoDelay(true);
                return server;
            } catch (IOException refused) {
                server.close();
                refusal = refused;
            }
        }
        throw refusal;
    }

    /** An address on which it listens, or did. */
    private static final class Door {
        private final ServerSocket listener;
        /** Whether nothing passes any more; guarded by the lock of the proxy. */
        private boolean deaf;

        Door(ServerSocket listener) {
            this.listener = listener;
        }
    }

    /** One client and its connection to the server: a reader and a writer for each direction. */
    private final class Connection {
        private final Socket client;
        private final Door door;
        private volatile @Nullable Socket server;

        Connection(Socket client, Door door) {
            this.client = client;
            this.door = door;
        }

        boolean leadsTo(int port) {
            Socket now = server;
            return now != null && now.getPort() == port;
        }

        void carryTo(Socket reached) throws IOException {
            server = reached;
            carry(client.getInputStream(), reached.getOutputStream(), Direction.TO_SERVER);
            carry(reached.getInputStream(), client.getOutputStream(), Direction.TO_CLIENT);
        }

        private void carry(InputStream from, OutputStream to, Direction direction) {
            BlockingQueue<Chunk> underWay = new ArrayBlockingQueue<>(CHUNKS_UNDER_WAY);
            Thread writer = Thread.ofVirtual().start(() -> write(underWay, to, direction));
            Thread.ofVirtual().start(() -> read(from, underWay, writer));
        }

        private void read(InputStream from, BlockingQueue<Chunk> underWay, Thread writer) {
            byte[] buffer = new byte[CHUNK_BYTES];
            try {
                for (int length = from.read(buffer); length >= 0; length = from.read(buffer)) {
                    underWay.put(new Chunk(Arrays.copyOf(buffer, length), System.nanoTime() + currentDelay()));
                }
                underWay.put(new Chunk(new byte[0], System.nanoTime()));
            } catch (IOException gone) {
                reset();
                writer.interrupt();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        private void write(BlockingQueue<Chunk> underWay, OutputStream to, Direction direction) {
            try {
                for (Chunk chunk = underWay.take(); chunk.bytes.length > 0; chunk = underWay.take()) {
                    waitFor(chunk, direction);
                    to.write(chunk.bytes);
                    to.flush();
                }
                close();
            } catch (IOException gone) {
                reset();
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        }

        private long currentDelay() {
            lock.lock();
            try {
                return delayNanos;
            } finally {
                lock.unlock();
            }
        }

        private void waitFor(Chunk chunk, Direction direction) throws InterruptedException {
            lock.lockInterruptibly();
            try {
                while (door.deaf || (direction == Direction.TO_SERVER ? silentToServer : silentToClient)) {
                    changed.await();
                }
                long passing = bytesPerSecond == Long.MAX_VALUE
                        ? 0
                        : TimeUnit.SECONDS.toNanos(chunk.bytes.length) / Math.max(1, bytesPerSecond);
                long left = Math.max(chunk.dueNanos - System.nanoTime(), passing);
                while (left > 0) {
                    left = changed.awaitNanos(left);
                }
            } finally {
                lock.unlock();
            }
        }

        private void close() throws IOException {
            connections.remove(this);
            client.close();
            Socket now = server;
            if (now != null) {
                now.close();
            }
        }

        void reset() {
            connections.remove(this);
            for (Socket socket : new Socket[] {client, server}) {
                try {
                    if (socket != null && !socket.isClosed()) {
                        socket.setSoLinger(true, 0);
                        socket.close();
                    }
                } catch (IOException alreadyGone) {
                    // what was to be ended has ended
                }
            }
        }
    }
}
