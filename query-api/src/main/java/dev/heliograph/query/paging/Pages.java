package dev.heliograph.query.paging;

import dev.heliograph.model.id.TenantId;
import dev.heliograph.query.problem.Problems;
import dev.heliograph.query.web.LimitSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Reads and writes the paging parameters {@code limit} and {@code cursor}. */
public final class Pages {
    private final CursorSigner signer;
    private final JsonMapper json;
    private final LimitSettings limits;

    public Pages(CursorSigner signer, JsonMapper json, LimitSettings limits) {
        this.signer = signer;
        this.json = json;
        this.limits = limits;
    }

    /**
     * The number of items to show.
     *
     * @throws dev.heliograph.query.problem.ProblemException 400 if it is not within 1 and the limit
     */
    public int size(@Nullable String asked) {
        if (asked == null) {
            return limits.pageSize();
        }
        int size = Numbers.positive("limit", asked);
        if (size > limits.maxPageSize()) {
            throw Problems.badParameter("limit", "must be within 1 and " + limits.maxPageSize());
        }
        return size;
    }

    /** The largest page. */
    public int most() {
        return limits.maxPageSize();
    }

    /** Rows beyond which a total is not counted on. */
    public int counted() {
        return limits.countedItems();
    }

    /**
     * The keys of the last item that the caller has seen; null for the first page.
     *
     * @throws dev.heliograph.query.problem.ProblemException 400 if the cursor is not ours for this tenant and query
     */
    public @Nullable List<@Nullable String> after(TenantId tenant, String query, @Nullable String cursor, int keys) {
        return cursor == null
                ? null
                : position(tenant, query, cursor, keys)
                        .orElseThrow(() -> Problems.badParameter("cursor", "is not a cursor of this list"));
    }

    /** The keys that a cursor carries; empty if it is not ours for this tenant and query. */
    public Optional<List<@Nullable String>> position(TenantId tenant, String query, String cursor, int keys) {
        return signer.verify(tenant, query, cursor).map(this::read).filter(values -> values.size() == keys);
    }

    private List<@Nullable String> read(byte[] position) {
        try {
            return Arrays.asList(json.readValue(position, String[].class));
        } catch (JacksonException notOurs) {
            return List.of();
        }
    }

    /** The cursor behind an item with these keys. */
    public String next(TenantId tenant, String query, @Nullable String... keys) {
        return signer.sign(tenant, query, json.writeValueAsBytes(keys));
    }
}
