package dev.heliograph.ingest.funnel;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The names of one map, each once. Small maps, which are the rule, need no hash table. Not thread-safe. */
final class NameSet {
    private static final int SMALL = 8;

    private final String[] few = new String[SMALL];
    private int size;
    private @Nullable Set<String> many;

    /** Takes a name; false where it is there already. */
    boolean add(String name) {
        Set<String> set = many;
        if (set != null) {
            return set.add(name);
        }
        for (int i = 0; i < size; i++) {
            if (few[i].equals(name)) {
                return false;
            }
        }
        if (size < SMALL) {
            few[size++] = name;
            return true;
        }
        set = new HashSet<>();
        for (String known : few) {
            set.add(known);
        }
        many = set;
        return set.add(name);
    }

    void clear() {
        size = 0;
        many = null;
    }
}
