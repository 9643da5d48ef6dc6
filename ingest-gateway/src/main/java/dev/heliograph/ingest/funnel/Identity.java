package dev.heliograph.ingest.funnel;

import dev.heliograph.model.id.DeviceKey;

/** Members of a payload that claim who sends. They are admitted only where they say what is known already. */
final class Identity {
    private Identity() {}

    /** Whether the member is one of a reading itself, so no sample. */
    static boolean isReserved(String name) {
        return switch (name) {
            case "ts", "seq", "location" -> true;
            default -> isClaim(name);
        };
    }

    /** Whether a member or tag of this name claims an identity. */
    static boolean isClaim(String name) {
        return switch (name) {
            case "tenant", "tenant_id", "tenantId", "device", "device_id", "deviceId" -> true;
            default -> false;
        };
    }

    /** Whether the claim is true. */
    static boolean isTrue(String name, String claimed, DeviceKey device) {
        String known = name.startsWith("tenant")
                ? device.tenant().value()
                : device.device().value();
        return claimed.equals(known);
    }

    /** Refuses the reading unless the value on which the document stands is who is known. */
    static void check(DocumentReader document, String name, DeviceKey device, String where, ReadingBuilder out) {
        boolean same = document.token() == DocumentReader.Token.TEXT && isTrue(name, document.text(), device);
        document.skip();
        if (!same) {
            out.fail(Reason.IDENTITY_MISMATCH, "not who is connected", where);
        }
    }
}
