package dev.heliograph.simulator.fleet;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.simulator.physics.DeviceModel;
import dev.heliograph.simulator.physics.DeviceType;
import dev.heliograph.simulator.physics.Noise;
import dev.heliograph.simulator.physics.Site;
import dev.heliograph.simulator.physics.SiteWeather;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The devices of a simulated fleet. Device number n is the same device (name, type, site, behaviour) in a fleet of any size, so
 * a fleet grows without changing what was there.
 */
public final class FleetPlan {
    /** Types take turns: in ten devices there are 4 room sensors, 2 meters, 2 boilers, a pump and a weather station. */
    private static final List<DeviceType> TURNS = List.of(
            DeviceType.BOILER,
            DeviceType.CLIMATE,
            DeviceType.METER,
            DeviceType.PUMP,
            DeviceType.WEATHER,
            DeviceType.CLIMATE,
            DeviceType.CLIMATE,
            DeviceType.BOILER,
            DeviceType.METER,
            DeviceType.CLIMATE);

    private final List<Member> members;

    /** @param device as in the registry @param model what it measures @param noise its own randomness */
    public record Member(SimulatedDevice device, DeviceModel model, Noise noise) {}

    private FleetPlan(List<Member> members) {
        this.members = List.copyOf(members);
    }

    /**
     * Plans a fleet.
     *
     * @param devices how many, 1 or more
     * @param seed of everything random
     * @param interval base pace, varied by type (see {@link DeviceType#interval})
     * @param readingsPerSecond of the whole fleet, evenly spread; overrides the interval where given
     */
    public static FleetPlan of(int devices, long seed, Duration interval, @Nullable Double readingsPerSecond) {
        if (devices < 1) {
            throw new IllegalArgumentException("devices must be 1 or more, was " + devices);
        }
        Noise fleet = Noise.ofSeed(seed);
        Map<Site, SiteWeather> weather = new HashMap<>();
        Map<DeviceType, Integer> counts = new EnumMap<>(DeviceType.class);
        List<Member> members = new ArrayList<>(devices);
        for (int i = 0; i < devices; i++) {
            DeviceType type = TURNS.get(i % TURNS.size());
            int number = counts.merge(type, 1, Integer::sum);
            // Each round of types starts at the next site, so that every site gets every type.
            Site site = Site.ALL.get((i + i / TURNS.size()) % Site.ALL.size());
            SimulatedDevice device = device(type, number, site, pace(type, devices, interval, readingsPerSecond));
            Noise noise = fleet.named("device/" + device.id());
            SiteWeather sky = weather.computeIfAbsent(site, place -> new SiteWeather(place, fleet));
            members.add(new Member(device, type.model(site, sky, noise), noise));
        }
        return new FleetPlan(members);
    }

    /** The devices in the order of their numbers. */
    public List<Member> members() {
        return members;
    }

    /** What the registry has to know about each. */
    public List<SimulatedDevice> devices() {
        return members.stream().map(Member::device).toList();
    }

    private static Duration pace(DeviceType type, int devices, Duration interval, @Nullable Double readingsPerSecond) {
        return readingsPerSecond == null
                ? type.interval(interval)
                : Duration.ofNanos(Math.round(devices * 1e9 / readingsPerSecond));
    }

    private static SimulatedDevice device(DeviceType type, int number, Site site, Duration interval) {
        String name = type.title() + " " + number + ", " + site.name();
        Map<String, String> labels = Map.of("line", String.valueOf(1 + number % 3), "source", "simulator");
        DeviceId id = new DeviceId("%s-%03d".formatted(type.word(), number));
        return new SimulatedDevice(id, name, type.word(), site, labels, interval);
    }
}
