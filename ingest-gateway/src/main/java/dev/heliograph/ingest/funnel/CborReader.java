package dev.heliograph.ingest.funnel;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * CBOR by RFC 8949: one data item that is well-formed (section 5.3.1) and whose map keys are text, each once (section 5.6).
 * Works on the bytes as they lie there: a declared length is compared with what is left before anything is done with it,
 * so that memory is bounded by the payload whatever it declares. Why not Jackson's: {@code
 * docs/decisions/0007-a-cbor-reader-of-our-own.md}.
 */
final class CborReader implements DocumentReader {
    private static final int UNSIGNED = 0;
    private static final int NEGATIVE = 1;
    private static final int BYTES = 2;
    private static final int TEXT = 3;
    private static final int ARRAY = 4;
    private static final int MAP = 5;
    private static final int TAG = 6;
    private static final int INDEFINITE = 31;
    private static final int BREAK = 0xFF;
    private static final long TAG_EPOCH = 1;
    private static final long TAG_BIGNUM = 2;
    private static final long TAG_NEGATIVE_BIGNUM = 3;
    private static final int MAX_TAGS = 4;
    private static final long MAX_EXACT_INTEGER = 1L << 53;

    /** Bytes of the largest integer that a double can be near to. */
    private static final int MAX_BIGNUM_BYTES = 128;

    private final byte[] in;
    private final @Nullable Labels labels;
    private int at;

    // Of the item whose head was read last.
    private int itemStart;
    private int major;
    private int info;
    private long argument;
    private long tag = -1;
    private Token token = Token.NULL;
    private double number;
    private boolean exact = true;
    private int textFrom;
    private int textLength;
    private @Nullable String text;

    // Of the open arrays and maps; level 0 is the document itself.
    private int depth;
    private final long[] left = new long[MAX_DEPTH + 1];
    private final boolean[] map = new boolean[MAX_DEPTH + 1];
    private final boolean[] valueNext = new boolean[MAX_DEPTH + 1];
    private final NameSet[] names = new NameSet[MAX_DEPTH + 1];

    /** Integer keys that stand for names, as SenML has them. */
    @FunctionalInterface
    interface Labels {
        /** The name, or null where the key stands for none. */
        @Nullable
        String name(long key);
    }

    /** @param labels what integer keys stand for, or null where a key is text */
    CborReader(byte[] payload, @Nullable Labels labels) {
        this.in = payload;
        this.labels = labels;
        left[0] = 1;
    }

    @Override
    public @Nullable Token next() {
        if (depth == 0 && left[0] == 0) {
            if (at < in.length) {
                throw malformed("bytes after the data item");
            }
            return null;
        }
        if (isAtEnd()) {
            token = map[depth] ? Token.END_OBJECT : Token.END_ARRAY;
            depth--;
            return token;
        }
        if (map[depth] && !valueNext[depth]) {
            key();
            token = Token.OTHER;
            return token;
        }
        item();
        return token;
    }

    @Override
    public @Nullable String nextName() {
        if (!map[depth] || valueNext[depth]) {
            throw new IllegalStateException("not before a member of a map");
        }
        if (isAtEnd()) {
            token = Token.END_OBJECT;
            depth--;
            return null;
        }
        return key();
    }

    /** Whether the innermost array or map ends here; takes its break. */
    private boolean isAtEnd() {
        if (depth == 0 || left[depth] > 0) {
            return false;
        }
        if (left[depth] == 0) {
            return true;
        }
        require(1);
        if ((in[at] & 0xFF) != BREAK) {
            return false;
        }
        if (valueNext[depth]) {
            throw malformed("a key without a value");
        }
        at++;
        return true;
    }

    private String key() {
        head();
        String name;
        if (tag < 0 && major == TEXT) {
            textBody();
            if (textLength > MAX_NAME_LENGTH) {
                throw new Rejected(Reason.TOO_MANY, "a name of more than " + MAX_NAME_LENGTH + " bytes");
            }
            String joined = text;
            name = joined == null ? NameCache.text(in, textFrom, textLength) : joined;
        } else {
            name = label();
        }
        NameSet known = names[depth];
        if (known == null) {
            known = new NameSet();
            names[depth] = known;
        }
        if (!known.add(name)) {
            throw new Rejected(Reason.DUPLICATE_KEY, "at byte " + itemStart + ": a key of the map is there twice");
        }
        valueNext[depth] = true;
        return name;
    }

    private String label() {
        boolean fits = tag < 0 && info != INDEFINITE && argument >= 0;
        if (labels != null && fits && (major == UNSIGNED || major == NEGATIVE)) {
            long key = major == UNSIGNED ? argument : -1 - argument;
            String name = labels.name(key);
            // What the table does not know is kept apart from every name by a character that no name has.
            return name == null ? "#" + key : name;
        }
        throw malformed("a key that is no text");
    }

    private void item() {
        head();
        if (left[depth] > 0) {
            left[depth]--;
        }
        valueNext[depth] = false;
        text = null;
        exact = true;
        switch (major) {
            case UNSIGNED, NEGATIVE -> integer();
            case BYTES -> bytes();
            case TEXT -> {
                textBody();
                token = Token.TEXT;
            }
            case ARRAY, MAP -> open();
            default -> simpleOrFloat();
        }
    }

    /** Reads the tags and the head of the next item. */
    private void head() {
        tag = -1;
        for (int tags = 0; ; tags++) {
            itemStart = at;
            require(1);
            int first = in[at++] & 0xFF;
            major = first >> 5;
            info = first & 0x1F;
            argument();
            if (major != TAG) {
                return;
            }
            if (tags == MAX_TAGS) {
                throw malformed("more than " + MAX_TAGS + " tags of one item");
            }
            tag = argument < 0 ? Long.MAX_VALUE : argument;
        }
    }

    private void argument() {
        if (info < 24) {
            argument = info;
        } else if (info < 28) {
            int length = 1 << (info - 24);
            require(length);
            argument = 0;
            for (int i = 0; i < length; i++) {
                argument = argument << 8 | in[at++] & 0xFF;
            }
        } else if (info == INDEFINITE && (major >= BYTES && major <= MAP)) {
            argument = -1;
        } else {
            throw malformed(
                    info == INDEFINITE ? "an end or an unknown length where a value should be" : "a reserved head");
        }
    }

    private void integer() {
        token = Token.INTEGER;
        if (argument >= 0) {
            number = major == UNSIGNED ? argument : -1 - argument;
            exact = argument < MAX_EXACT_INTEGER || argument == MAX_EXACT_INTEGER && major == UNSIGNED;
        } else {
            // Beyond a long: rounded once, from the exact integer.
            BigInteger unsigned = new BigInteger(1, Arrays.copyOfRange(in, at - Long.BYTES, at));
            number = (major == UNSIGNED ? unsigned : unsigned.not()).doubleValue();
            exact = false;
        }
    }

    private void bytes() {
        boolean bignum = tag == TAG_BIGNUM || tag == TAG_NEGATIVE_BIGNUM;
        if (info == INDEFINITE) {
            boolean negative = tag == TAG_NEGATIVE_BIGNUM;
            byte[] joined = chunks(BYTES);
            if (bignum) {
                bignum(joined, 0, joined.length, negative);
            } else {
                token = Token.OTHER;
            }
            return;
        }
        int from = body(argument);
        if (bignum) {
            bignum(in, from, at - from, tag == TAG_NEGATIVE_BIGNUM);
        } else {
            token = Token.OTHER;
        }
    }

    private void bignum(byte[] bytes, int from, int length, boolean negative) {
        int start = from;
        while (start < from + length && bytes[start] == 0) {
            start++;
        }
        int significant = from + length - start;
        token = Token.INTEGER;
        if (significant > MAX_BIGNUM_BYTES) {
            number = negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
            return;
        }
        BigInteger magnitude = new BigInteger(1, bytes, start, significant);
        number = (negative ? magnitude.not() : magnitude).doubleValue();
        exact = Math.abs(number) <= MAX_EXACT_INTEGER;
    }

    private void textBody() {
        text = null;
        if (info == INDEFINITE) {
            byte[] joined = chunks(TEXT);
            text = new String(joined, StandardCharsets.UTF_8);
            textLength = joined.length;
            return;
        }
        textFrom = body(argument);
        textLength = at - textFrom;
        checkText(textFrom, textLength);
    }

    private void checkText(int from, int length) {
        if (length > MAX_TEXT_LENGTH) {
            throw new Rejected(Reason.TOO_MANY, "a text of more than " + MAX_TEXT_LENGTH + " bytes");
        }
        String fault = Utf8.fault(in, from, from + length);
        if (fault != null) {
            throw new Rejected(Reason.ENCODING, fault);
        }
    }

    /** The chunks of a string of unknown length, joined; each is of the same type and of known length. */
    private byte[] chunks(int type) {
        byte[] joined = new byte[0];
        while (true) {
            require(1);
            if ((in[at] & 0xFF) == BREAK) {
                at++;
                return joined;
            }
            int first = in[at++] & 0xFF;
            if (first >> 5 != type || (first & 0x1F) == INDEFINITE) {
                throw malformed("a chunk of another type");
            }
            major = type;
            info = first & 0x1F;
            argument();
            int from = body(argument);
            if (joined.length + (at - from) > MAX_TEXT_LENGTH) {
                throw new Rejected(Reason.TOO_MANY, "a string of more than " + MAX_TEXT_LENGTH + " bytes in chunks");
            }
            if (type == TEXT) {
                checkText(from, at - from);
            }
            int end = joined.length;
            joined = Arrays.copyOf(joined, end + at - from);
            System.arraycopy(in, from, joined, end, at - from);
        }
    }

    /** Passes over the bytes of a string and says where they begin. */
    private int body(long length) {
        if (length < 0 || length > in.length - at) {
            throw malformed("a string that is longer than what is left");
        }
        int from = at;
        at += (int) length;
        return from;
    }

    private void open() {
        boolean isMap = major == MAP;
        long items = info == INDEFINITE ? -1 : argument;
        int perItem = isMap ? 2 : 1;
        if (info != INDEFINITE && (items < 0 || items > (in.length - at) / perItem)) {
            throw malformed("an array or map that is longer than what is left");
        }
        if (depth == MAX_DEPTH) {
            throw new Rejected(Reason.DEPTH, "nested deeper than " + MAX_DEPTH);
        }
        depth++;
        left[depth] = items;
        map[depth] = isMap;
        valueNext[depth] = false;
        if (names[depth] != null) {
            names[depth].clear();
        }
        token = isMap ? Token.START_OBJECT : Token.START_ARRAY;
    }

    private void simpleOrFloat() {
        switch (info) {
            case 20 -> token = Token.FALSE;
            case 21 -> token = Token.TRUE;
            case 22 -> token = Token.NULL;
            case 24 -> {
                if (argument < 32) {
                    throw malformed("a simple value in two bytes that has one");
                }
                token = Token.OTHER;
            }
            case 25 -> decimal(Float.float16ToFloat((short) argument));
            case 26 -> decimal(Float.intBitsToFloat((int) argument));
            case 27 -> decimal(Double.longBitsToDouble(argument));
            default -> token = Token.OTHER;
        }
    }

    private void decimal(double value) {
        token = Token.DECIMAL;
        number = value;
    }

    private void require(int bytes) {
        if (bytes > in.length - at) {
            throw malformed("ends within a data item");
        }
    }

    private Rejected malformed(String what) {
        return new Rejected(Reason.CBOR, "at byte " + Math.min(at, in.length) + ": " + what);
    }

    @Override
    public Token token() {
        return token;
    }

    @Override
    public String text() {
        String known = text;
        if (known == null) {
            known = new String(in, textFrom, textLength, StandardCharsets.UTF_8);
            text = known;
        }
        return known;
    }

    @Override
    public double number() {
        return number;
    }

    @Override
    public boolean isExact() {
        return exact;
    }

    @Override
    public boolean isEpochSeconds() {
        return tag == TAG_EPOCH;
    }

    @Override
    public Reason malformed() {
        return Reason.CBOR;
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
