package dev.heliograph.query.stream.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/** The readers of {@link FanOutBenchmark}: a process with one thread and plain sockets. Used by one thread. */
final class FanOutReaders implements AutoCloseable {
    private static final int VIEW = 20;
    private static final int STALLED_VIEW = 200;
    private static final int ONE_STALLED_OF = 10;
    private static final String TOKEN = "FAN_OUT_TOKEN";

    private final Process process;
    private final BufferedReader answers;

    /**
     * What was read.
     *
     * @param missed samples that other readers of the same devices got and the slowest did not
     */
    record Told(int stalled, long samples, long p50Micros, long p99Micros, long mostMicros, long missed) {}

    private FanOutReaders(Process process) {
        this.process = process;
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Returns when every reader is connected and those that read have been greeted. */
    static FanOutReaders start(int port, String token, int connections, long startMicros) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                System.getProperty("java.home") + "/bin/java",
                "-Xmx400m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                FanOutReaders.class.getName(),
                String.valueOf(port),
                String.valueOf(connections),
                String.valueOf(startMicros));
        builder.environment().put(TOKEN, token);
        FanOutReaders readers = new FanOutReaders(
                builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
        readers.answer();
        return readers;
    }

    /** Counts from now on. */
    void begin() throws IOException {
        say("begin");
        answer();
    }

    Told end() throws IOException {
        say("end");
        String[] told = answer().split(" ");
        return new Told(
                Integer.parseInt(told[0]),
                Long.parseLong(told[1]),
                Long.parseLong(told[2]),
                Long.parseLong(told[3]),
                Long.parseLong(told[4]),
                Long.parseLong(told[5]));
    }

    private void say(String word) throws IOException {
        process.getOutputStream().write((word + "\n").getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().flush();
    }

    private String answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("the readers have ended");
        }
        return line;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        process.getOutputStream().close();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }

    /** The process of the readers: answers a line to each line. */
    public static void main(String[] args) throws Exception {
        int port = Integer.parseInt(args[0]);
        int connections = Integer.parseInt(args[1]);
        String token = Objects.requireNonNull(System.getenv(TOKEN), TOKEN);
        Readers readers = new Readers(Long.parseLong(args[2]));
        for (int i = 0; i < connections; i++) {
            readers.connect(port, token, i);
        }
        Thread reading = Thread.ofPlatform().daemon().start(readers::run);
        while (readers.greeted() < readers.open.size()) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        System.out.println("open");
        BufferedReader words = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String word = words.readLine(); word != null && reading.isAlive(); word = words.readLine()) {
            System.out.println(word.equals("begin") ? readers.begin() : readers.told());
        }
        System.exit(0);
    }

    private static final class Readers {
        private final Selector selector = Selector.open();
        private final List<SocketChannel> stalled = new ArrayList<>();
        private final List<Reader> open = new ArrayList<>();
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);
        private final Histogram micros = new Histogram(TimeUnit.MINUTES.toMicros(10), 3);
        private final long startMicros;

        Readers(long startMicros) throws IOException {
            this.startMicros = startMicros;
        }

        void connect(int port, String token, int number) throws IOException {
            boolean isStalled = number % ONE_STALLED_OF == 0;
            int view = isStalled ? STALLED_VIEW : VIEW;
            int first = number * VIEW % FanOutBenchmark.DEVICES;
            StringBuilder request = new StringBuilder("GET /api/v1/stream?topics=samples");
            for (int i = 0; i < view; i++) {
                request.append("&device=d").append((first + i) % FanOutBenchmark.DEVICES);
            }
            request.append(" HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ")
                    .append(token)
                    .append("\r\n\r\n");
            SocketChannel channel = SocketChannel.open();
            if (isStalled) {
                channel.setOption(StandardSocketOptions.SO_RCVBUF, 2_048);
            }
            channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            channel.write(ByteBuffer.wrap(request.toString().getBytes(StandardCharsets.US_ASCII)));
            if (isStalled) {
                stalled.add(channel);
            } else {
                channel.configureBlocking(false);
                Reader reader = new Reader(first);
                channel.register(selector, SelectionKey.OP_READ, reader);
                synchronized (this) {
                    open.add(reader);
                }
            }
        }

        synchronized long greeted() {
            return open.stream().filter(reader -> reader.bytes > 0).count();
        }

        synchronized String begin() {
            micros.reset();
            open.forEach(reader -> reader.samples = 0);
            return "begun";
        }

        synchronized String told() {
            long samples = open.stream().mapToLong(reader -> reader.samples).sum();
            // All that look at the same devices must have got the same, but for what is under way.
            Map<Integer, List<Reader>> byView = open.stream().collect(Collectors.groupingBy(reader -> reader.view));
            long missed = byView.values().stream()
                    .mapToLong(same -> same.stream()
                                    .mapToLong(r -> r.samples)
                                    .max()
                                    .orElse(0)
                            - same.stream().mapToLong(r -> r.samples).min().orElse(0))
                    .max()
                    .orElse(0);
            return stalled.size() + " " + samples + " " + micros.getValueAtPercentile(50) + " "
                    + micros.getValueAtPercentile(99) + " " + micros.getMaxValue() + " " + missed;
        }

        void run() {
            try {
                while (true) {
                    selector.select();
                    synchronized (this) {
                        for (SelectionKey key : selector.selectedKeys()) {
                            read((SocketChannel) key.channel(), (Reader) key.attachment());
                        }
                    }
                    selector.selectedKeys().clear();
                }
            } catch (IOException failure) {
                System.err.println("The readers end: " + failure);
                System.exit(1);
            }
        }

        private void read(SocketChannel channel, Reader reader) throws IOException {
            buffer.clear();
            int count = channel.read(buffer);
            if (count < 0) {
                throw new IOException("a reader that takes everything was closed");
            }
            buffer.flip();
            long now = (Instant.now().toEpochMilli() * 1_000L) - startMicros;
            reader.take(buffer, now, micros);
        }
    }

    /** One connection: takes chunks apart and finds the values in them. */
    private static final class Reader {
        private static final byte[] VALUES = "\"values\":[".getBytes(StandardCharsets.US_ASCII);
        private static final byte[] GOOD = "HTTP/1.1 200".getBytes(StandardCharsets.US_ASCII);
        private static final byte[] HEAD_ENDS = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

        private enum Part {
            STATUS,
            HEAD,
            SIZE,
            CONTENT
        }

        private final int view;
        private final StringBuilder number = new StringBuilder();
        private Part part = Part.STATUS;
        private int left;
        private int matched;
        private boolean inValues;
        private long bytes;
        private long samples;

        Reader(int view) {
            this.view = view;
        }

        void take(ByteBuffer from, long now, Histogram micros) throws IOException {
            bytes += from.remaining();
            while (from.hasRemaining()) {
                byte next = from.get();
                switch (part) {
                    case STATUS -> {
                        if (next != GOOD[matched++]) {
                            throw new IOException("a reader was refused");
                        }
                        if (matched == GOOD.length) {
                            matched = 0;
                            part = Part.HEAD;
                        }
                    }
                    case HEAD -> {
                        matched = next == HEAD_ENDS[matched] ? matched + 1 : next == HEAD_ENDS[0] ? 1 : 0;
                        if (matched == HEAD_ENDS.length) {
                            matched = 0;
                            part = Part.SIZE;
                        }
                    }
                    case SIZE -> size(next);
                    case CONTENT -> {
                        content(next, now, micros);
                        if (--left == 0) {
                            part = Part.SIZE;
                        }
                    }
                }
            }
        }

        // The end of the chunk before is two more of the characters that are no digits.
        private void size(byte next) {
            int digit = Character.digit(next, 16);
            if (digit >= 0) {
                left = left * 16 + digit;
            } else if (next == '\n' && left > 0) {
                part = Part.CONTENT;
            }
        }

        private void content(byte next, long now, Histogram micros) {
            if (!inValues) {
                matched = next == VALUES[matched] ? matched + 1 : next == VALUES[0] ? 1 : 0;
                if (matched == VALUES.length) {
                    matched = 0;
                    inValues = true;
                }
            } else if (next == ',' || next == ']') {
                samples++;
                micros.recordValue(Math.max(0, now - (long) Double.parseDouble(number.toString())));
                number.setLength(0);
                inValues = next == ',';
            } else {
                number.append((char) next);
            }
        }
    }
}
