package dev.heliograph.ingest.funnel;

import dev.heliograph.ingest.funnel.DocumentReader.Token;
import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.id.DeviceKey;

/** ThingsBoard's gateway API: {@code {"device":[{"ts":..,"values":{..}},..],"other":[..]}}, readings of several devices. */
final class GatewayShape implements Shape {
    private final ReadingShape readings = new ReadingShape("values");

    @Override
    public int read(DocumentReader document, Decoding in, ReadingBuilder out) {
        if (document.token() != Token.START_OBJECT) {
            throw new Rejected(Reason.SHAPE, "not an object of devices");
        }
        int items = 0;
        int devices = 0;
        for (String name = document.nextName(); name != null; name = document.nextName()) {
            if (++devices > in.limits().maxMembers()) {
                throw new Rejected(Reason.TOO_MANY, "more than " + in.limits().maxMembers() + " devices");
            }
            Token token = document.next();
            String pointer = ReadingBuilder.below("", name);
            DeviceId id = in.options().names().id(name);
            if (id == null) {
                document.skip();
                out.refuse(
                        new Refusal(Reason.UNKNOWN_DEVICE, "a name that can be no device's", pointer, null, items++));
            } else if (token == Token.START_ARRAY || token == Token.START_OBJECT) {
                items += readings.readings(document, in, new DeviceKey(in.tenant(), id), pointer, items, out);
            } else {
                out.refuse(new Refusal(Reason.SHAPE, "no array of readings", pointer, null, items++));
            }
        }
        if (items == 0) {
            throw new Rejected(Reason.SHAPE, "no devices");
        }
        return items;
    }
}
