package dev.heliograph.systemtests.faults.plant;

import java.net.InetAddress;

/**
 * Where services find a part of the installation.
 *
 * @param host what they are told: a name, or the address itself
 * @param address where the proxies before it listen at first
 */
record Place(String host, InetAddress address) {
    /** The same for everything, and no name. */
    static final Place LOOPBACK = new Place("127.0.0.1", InetAddress.getLoopbackAddress());
}
