package dev.heliograph.simulator.feed;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** How firmware breaks a payload. Every one of them must be refused by the platform, none may harm another device. */
public enum Damage {
    /** The buffer was too small: the second half is missing. */
    TRUNCATED {
        @Override
        byte[] apply(byte[] payload) {
            return Arrays.copyOf(payload, payload.length / 2);
        }
    },
    /** A float was printed without a check. */
    NOT_A_NUMBER {
        @Override
        byte[] apply(byte[] payload) {
            return "{\"metrics\":{\"temperature\":NaN}}".getBytes(StandardCharsets.US_ASCII);
        }
    },
    /** Bytes of another encoding. */
    NOT_UTF8 {
        @Override
        byte[] apply(byte[] payload) {
            byte[] broken = payload.clone();
            broken[Math.min(2, broken.length - 1)] = (byte) 0xC3;
            return broken;
        }
    },
    /** Memory that was never written. */
    ZEROS {
        @Override
        byte[] apply(byte[] payload) {
            return new byte[payload.length];
        }
    },
    /** A reading without anything measured. */
    NO_METRICS {
        @Override
        byte[] apply(byte[] payload) {
            return "{\"metrics\":{}}".getBytes(StandardCharsets.US_ASCII);
        }
    };

    /** The broken form of a sound payload. */
    abstract byte[] apply(byte[] payload);
}
