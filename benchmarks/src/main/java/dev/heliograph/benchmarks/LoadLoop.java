package dev.heliograph.benchmarks;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.concurrent.TimeUnit;

/**
 * The thread of all connections of a load. A connection that is closed has more to do on it after whoever waited for that has
 * been told: the loop takes such tasks until it has been quiet for a moment, where {@link java.util.concurrent.ExecutorService#close} refuses them.
 */
final class LoadLoop implements AutoCloseable {
    private static final long QUIET_MILLIS = 50;
    private static final long LONGEST_MILLIS = 5_000;

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    EventLoopGroup group() {
        return group;
    }

    /** Ends the thread, within some seconds whatever it still does. */
    @Override
    public void close() {
        group.shutdownGracefully(QUIET_MILLIS, LONGEST_MILLIS, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly();
    }
}
