package dev.heliograph.query.quarantine;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** Shows bytes that nobody vouches for: as text where they are text, else as hex. */
final class Preview {
    private static final int HEX_BYTES = 64;
    private static final int MAX_CUT = 3;

    private Preview() {}

    /** @param isCut whether there were more bytes, so that the last character may be cut */
    static String of(byte[] bytes, boolean isCut) {
        int mostCut = isCut ? Math.min(MAX_CUT, bytes.length) : 0;
        for (int cut = 0; cut <= mostCut; cut++) {
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .decode(ByteBuffer.wrap(bytes, 0, bytes.length - cut))
                        .toString()
                        .replace('\0', '\uFFFD');
            } catch (CharacterCodingException notText) {
                continue;
            }
        }
        return "0x" + HexFormat.of().formatHex(Arrays.copyOf(bytes, Math.min(bytes.length, HEX_BYTES)));
    }
}
