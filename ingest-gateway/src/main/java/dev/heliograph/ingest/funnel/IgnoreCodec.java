package dev.heliograph.ingest.funnel;

import java.util.List;

/** For topics that a foreign device cannot be kept from using and that hold no measurements: taken, counted, left aside. */
final class IgnoreCodec implements PayloadCodec {
    @Override
    public String name() {
        return Codecs.IGNORE;
    }

    @Override
    public boolean reads(MediaType declared) {
        return true;
    }

    @Override
    public boolean namesDevices() {
        return true;
    }

    @Override
    public Outcome decode(Decoding in) {
        return new Outcome(in.sender(), List.of(), List.of(), 1);
    }
}
