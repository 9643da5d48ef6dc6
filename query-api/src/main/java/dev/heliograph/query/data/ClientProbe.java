package dev.heliograph.query.data;

/** Tells whether the client of a request has closed its connection, without taking anything that it may have sent. */
@FunctionalInterface
interface ClientProbe {
    /** Name of the request attribute that holds the probe of a request. */
    String ATTRIBUTE = ClientProbe.class.getName();

    boolean hasLeft();
}
