package dev.heliograph.simulator.mqtt;

/** What a device makes of the reason code of a PUBACK. */
enum PubackVerdict {
    DONE,
    LATER,
    REFUSED;

    private static final int NO_MATCHING_SUBSCRIBERS = 0x10;
    private static final int FIRST_FAILURE = 0x80;
    private static final int UNSPECIFIED_ERROR = 0x80;
    private static final int IMPLEMENTATION_SPECIFIC_ERROR = 0x83;
    private static final int QUOTA_EXCEEDED = 0x97;

    /**
     * 0x10 (nobody has subscribed) is a success to MQTT, and the message is gone: a device that wants it kept sends it again.
     * 0x97 (over a limit, or overloaded) and the two codes for trouble on the server's side mean "not now"; any other code from
     * 0x80, such as 0x87 (not your topic) or 0x99 (payload refused), would come again however often the message is sent.
     */
    static PubackVerdict of(int reasonCode) {
        if (reasonCode == NO_MATCHING_SUBSCRIBERS) {
            return LATER;
        }
        if (reasonCode < FIRST_FAILURE) {
            return DONE;
        }
        return switch (reasonCode) {
            case QUOTA_EXCEEDED, UNSPECIFIED_ERROR, IMPLEMENTATION_SPECIFIC_ERROR -> LATER;
            default -> REFUSED;
        };
    }
}
