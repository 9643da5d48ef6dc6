package dev.heliograph.systemtests.faults.plant;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * What the disk of a Kafka node has when its host has lost power, made of what a killed process has left in the page cache.
 *
 * <p>Kafka says in {@code recovery-point-offset-checkpoint} up to where it has flushed each partition. Everything behind may be
 * gone. For each partition chance decides: all of that is gone; or it is cut at some byte, in the middle of a batch as likely as
 * not; or it is cut and the rest of the file are zeros, as file systems leave them. Later segments go as a whole.
 * The metadata of the cluster is flushed with every append, so it stays, and so do checkpoints, which are flushed before they
 * take their name. Indexes stay too: they say more than the log then, and Kafka must not believe them.
 */
final class PowerLoss {
    private static final String CHECKPOINT = "recovery-point-offset-checkpoint";
    private static final String METADATA = "__cluster_metadata-0";
    private static final String LOG = ".log";
    private static final int HEADER_LINES = 2;
    /** Before what the length in the header counts: the first offset and the length itself. */
    private static final int OVERHEAD_BYTES = 12;
    /** Up to the difference of the last offset to the first. */
    private static final int HEADER_BYTES = 27;

    private static final int LENGTH_AT = 8;
    private static final int LAST_OFFSET_DELTA_AT = 23;

    /** One segment: its file, and from which byte on it is not known to be flushed. */
    private record Segment(Path file, long flushedBytes, long bytes) {}

    private PowerLoss() {}

    /**
     * Strikes the data of a node that does not run.
     *
     * @return how many bytes are gone
     */
    static long strike(Path data, Random random) throws IOException {
        Map<String, Long> flushed = flushed(data.resolve(CHECKPOINT));
        List<Path> partitions;
        try (Stream<Path> all = Files.list(data)) {
            partitions = all.filter(Files::isDirectory)
                    .filter(partition -> !partition.getFileName().toString().equals(METADATA))
                    .sorted()
                    .toList();
        }
        long gone = 0;
        for (Path partition : partitions) {
            long point = flushed.getOrDefault(partition.getFileName().toString(), 0L);
            gone += strikePartition(partition, point, random);
        }
        return gone;
    }

    /** By {@code topic-partition}; a partition that is not named was never flushed. */
    private static Map<String, Long> flushed(Path checkpoint) throws IOException {
        Map<String, Long> points = new HashMap<>();
        if (Files.exists(checkpoint)) {
            for (String line :
                    Files.readAllLines(checkpoint).stream().skip(HEADER_LINES).toList()) {
                String[] field = line.split(" ");
                points.put(field[0] + "-" + field[1], Long.parseLong(field[2]));
            }
        }
        return points;
    }

    private static long strikePartition(Path partition, long point, Random random) throws IOException {
        List<Segment> open = new ArrayList<>();
        long unsafe = 0;
        for (Path file : segments(partition)) {
            Segment segment = segment(file, point);
            if (segment.flushedBytes < segment.bytes) {
                open.add(segment);
                unsafe += segment.bytes - segment.flushedBytes;
            }
        }
        int fate = random.nextInt(3);
        long kept = fate == 0 || unsafe == 0 ? 0 : random.nextLong(unsafe);
        long left = kept;
        for (Segment segment : open) {
            long here = Math.min(left, segment.bytes - segment.flushedBytes);
            boolean isLast = left <= segment.bytes - segment.flushedBytes;
            cut(segment, segment.flushedBytes + here, fate == 2 && isLast && here > 0);
            left -= here;
        }
        return unsafe - kept;
    }

    private static void cut(Segment segment, long end, boolean zeros) throws IOException {
        if (end == 0 && !segment.file.getFileName().toString().startsWith("00000000000000000000.")) {
            Files.delete(segment.file);
            return;
        }
        try (FileChannel channel = FileChannel.open(segment.file, StandardOpenOption.WRITE)) {
            channel.truncate(end);
            if (zeros && end < segment.bytes) {
                channel.write(ByteBuffer.allocate(1), segment.bytes - 1);
            }
        }
    }

    private static List<Path> segments(Path partition) throws IOException {
        try (Stream<Path> files = Files.list(partition)) {
            return files.filter(file -> file.getFileName().toString().endsWith(LOG))
                    .sorted()
                    .toList();
        }
    }

    private static Segment segment(Path file, long point) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            long at = 0;
            ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
            while (at + HEADER_BYTES <= size) {
                header.clear();
                channel.read(header, at);
                long last = header.getLong(0) + header.getInt(LAST_OFFSET_DELTA_AT);
                int length = header.getInt(LENGTH_AT);
                if (length <= 0 || last >= point) {
                    break;
                }
                at += OVERHEAD_BYTES + length;
            }
            return new Segment(file, Math.min(at, size), size);
        }
    }
}
