package dev.heliograph.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LoadLoopTest {
    @Test
    @Timeout(30)
    void givenAConnectionThatIsBeingClosed_whenTheLoopIsClosedMeanwhile_thenTheConnectionComesToItsEnd()
            throws IOException {
        CompletableFuture<Boolean> unregistered = new CompletableFuture<>();
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            LoadLoop loop = new LoadLoop();
            Channel channel = new Bootstrap()
                    .group(loop.group())
                    .channel(NioSocketChannel.class)
                    .handler(new ChannelInboundHandlerAdapter() {
                        @Override
                        public void channelUnregistered(ChannelHandlerContext context) {
                            unregistered.complete(true);
                        }
                    })
                    .connect(server.getLocalSocketAddress())
                    .syncUninterruptibly()
                    .channel();
            CompletableFuture<Void> closed = new CompletableFuture<>();

            // Whoever waits for the close is told on the loop, in the midst of it: as long as this waits, more is to be
            // done.
            channel.close().addListener(told -> {
                closed.complete(null);
                while (!loop.group().isShuttingDown()) {
                    Thread.onSpinWait();
                }
            });
            closed.join();
            loop.close();

            assertThat(loop.group().isTerminated()).isTrue();
        }
        assertThat(unregistered.completeOnTimeout(false, 1, TimeUnit.SECONDS).join())
                .isTrue();
    }
}
