package dev.heliograph.systemtests.faults.plant;

import java.net.InetAddress;
import java.util.List;
import java.util.function.Consumer;

/**
 * The way from one service to one other, which may lead to several nodes: the proxies on it fail and heal together.
 *
 * @param proxies one for each node, in the order of the nodes
 */
public record Link(List<FaultProxy> proxies) implements AutoCloseable {
    public Link {
        proxies = List.copyOf(proxies);
    }

    static Link toPorts(List<Integer> ports) {
        return toPorts(ports, InetAddress.getLoopbackAddress());
    }

    static Link toPorts(List<Integer> ports, InetAddress at) {
        return new Link(ports.stream().map(port -> FaultProxy.at(at, port)).toList());
    }

    /** Every proxy is at another address from now on, on its port; the old place is left for good. */
    void moveTo(InetAddress address, FaultProxy.OldPlace left) {
        each(proxy -> proxy.moveTo(address, left));
    }

    /** Whether every proxy has a connection at the place where it is now. */
    public boolean isInUse() {
        return proxies.stream().allMatch(FaultProxy::isInUse);
    }

    public void cut() {
        each(FaultProxy::cut);
    }

    public void flap() {
        each(FaultProxy::flap);
    }

    /** Resets what is connected to one of several servers, once. */
    public void flapTo(int port) {
        each(proxy -> proxy.flapTo(port));
    }

    /** Sends new connections to these ports in turn. */
    public void aimAt(Integer... ports) {
        each(proxy -> proxy.aimAt(ports));
    }

    public void silence() {
        each(FaultProxy::silence);
    }

    public void silenceAnswers() {
        each(FaultProxy::silenceAnswers);
    }

    public void silenceRequests() {
        each(FaultProxy::silenceRequests);
    }

    public void delay(long millis) {
        each(proxy -> proxy.delay(millis));
    }

    public void narrow(long bytesPerSecond) {
        each(proxy -> proxy.narrow(bytesPerSecond));
    }

    public void heal() {
        each(FaultProxy::heal);
    }

    /** The port of the only proxy. */
    public int port() {
        return proxies.getFirst().port();
    }

    @Override
    public void close() {
        each(FaultProxy::close);
    }

    private void each(Consumer<FaultProxy> action) {
        proxies.forEach(action);
    }
}
