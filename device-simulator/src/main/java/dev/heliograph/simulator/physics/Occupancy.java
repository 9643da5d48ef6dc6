package dev.heliograph.simulator.physics;

/** Who sits in a room: each person comes, has lunch and leaves at times that differ by day; nobody at the weekend. */
final class Occupancy {
    private static final double LUNCH_HOURS = 0.75;
    /** One person in eight works from elsewhere on a given day. */
    private static final double AWAY_PART = 0.125;

    private final Site site;
    private final Noise noise;
    private final int seats;
    private volatile Day latest = new Day(Long.MIN_VALUE, new double[0], new double[0], new double[0]);

    private record Day(long localDay, double[] arrives, double[] lunches, double[] leaves) {}

    Occupancy(Site site, Noise noise, int seats) {
        this.site = site;
        this.noise = noise;
        this.seats = seats;
    }

    /** People in the room, 0 to the number of seats. */
    int people(long atMillis) {
        Day day = day(site.localDay(atMillis));
        double hour = site.hourOfDay(atMillis);
        int people = 0;
        for (int i = 0; i < day.arrives.length; i++) {
            boolean atLunch = hour >= day.lunches[i] && hour < day.lunches[i] + LUNCH_HOURS;
            if (hour >= day.arrives[i] && hour < day.leaves[i] && !atLunch) {
                people++;
            }
        }
        return people;
    }

    // A memo, not a state: a lag asks for the same day thousands of times.
    private Day day(long localDay) {
        Day known = latest;
        if (known.localDay != localDay) {
            known = plan(localDay);
            latest = known;
        }
        return known;
    }

    private Day plan(long localDay) {
        int expected = Site.isWorkday(localDay) ? seats : 0;
        double[] arrives = new double[expected];
        double[] lunches = new double[expected];
        double[] leaves = new double[expected];
        for (int i = 0; i < expected; i++) {
            long person = localDay * 64 + i;
            boolean away = noise.uniform(person) < AWAY_PART;
            arrives[i] = away ? 24 : 8.25 + 0.5 * noise.named("arrive").gaussian(person);
            lunches[i] = 12.25 + 0.2 * noise.named("lunch").gaussian(person);
            leaves[i] = 17.25 + 0.6 * noise.named("leave").gaussian(person);
        }
        return new Day(localDay, arrives, lunches, leaves);
    }
}
