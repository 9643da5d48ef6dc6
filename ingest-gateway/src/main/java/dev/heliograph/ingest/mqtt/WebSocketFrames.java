package dev.heliograph.ingest.mqtt;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.MessageToMessageCodec;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.time.Duration;
import java.util.List;

/**
 * MQTT in WebSocket frames (MQTT 5, section 6): binary frames of the subprotocol {@code mqtt}, whose borders mean nothing.
 * Frames are not compressed, which spares a bound on what they would unpack to.
 */
final class WebSocketFrames extends MessageToMessageCodec<WebSocketFrame, ByteBuf> {
    static final String PATH = "/mqtt";
    private static final String SUBPROTOCOL = "mqtt";
    private static final int MAX_REQUEST_LINE_BYTES = 4_096;
    private static final int MAX_HEADER_BYTES = 8_192;
    private static final int MAX_CHUNK_BYTES = 8_192;
    private static final int MAX_BODY_BYTES = 1_024;

    private WebSocketFrames() {}

    /** @param maxFrameBytes largest frame: that of the largest packet, which clients like to send in one */
    static void addTo(ChannelPipeline pipeline, int maxFrameBytes, Duration handshakeTimeout) {
        WebSocketServerProtocolConfig config = WebSocketServerProtocolConfig.newBuilder()
                .websocketPath(PATH)
                .subprotocols(SUBPROTOCOL)
                .allowExtensions(false)
                .maxFramePayloadLength(maxFrameBytes)
                .handshakeTimeoutMillis(handshakeTimeout.toMillis())
                .build();
        pipeline.addLast(new HttpServerCodec(MAX_REQUEST_LINE_BYTES, MAX_HEADER_BYTES, MAX_CHUNK_BYTES))
                .addLast(new HttpObjectAggregator(MAX_BODY_BYTES, true))
                .addLast(new WebSocketServerProtocolHandler(config))
                .addLast(new NotFound())
                .addLast(new WebSocketFrames());
    }

    /** What asks for anything else than the endpoint. */
    private static final class NotFound extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext handler, FullHttpRequest request) {
            FullHttpResponse answer = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.NOT_FOUND);
            answer.headers().set(HttpHeaderNames.CONTENT_LENGTH, 0).set(HttpHeaderNames.CONNECTION, "close");
            handler.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext handler, Object event) {
        if (event instanceof WebSocketServerProtocolHandler.HandshakeComplete complete
                && complete.selectedSubprotocol() == null) {
            close(handler, WebSocketCloseStatus.PROTOCOL_ERROR);
        } else {
            handler.fireUserEventTriggered(event);
        }
    }

    private static void close(ChannelHandlerContext handler, WebSocketCloseStatus why) {
        handler.writeAndFlush(new CloseWebSocketFrame(why)).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    protected void decode(ChannelHandlerContext handler, WebSocketFrame frame, List<Object> out) {
        if (frame instanceof BinaryWebSocketFrame || frame instanceof ContinuationWebSocketFrame) {
            out.add(frame.content().retain());
        } else {
            // A text frame (MQTT-6.0.0-1); pings and closes do not come so far.
            close(handler, WebSocketCloseStatus.INVALID_MESSAGE_TYPE);
        }
    }

    @Override
    protected void encode(ChannelHandlerContext handler, ByteBuf bytes, List<Object> out) {
        out.add(new BinaryWebSocketFrame(bytes.retain()));
    }
}
