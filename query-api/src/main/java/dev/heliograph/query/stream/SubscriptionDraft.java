package dev.heliograph.query.stream;

import dev.heliograph.model.id.TenantId;
import dev.heliograph.query.problem.Problems;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an open stream shall show from now on, in place of what it showed. */
@Schema(name = "StreamSubscriptions")
record SubscriptionDraft(
        @Schema(description = "What is shown: everything that one of them wants, once") @Nullable
        List<Part> subscriptions,

        @Schema(description = "Samples of each series at most; 0 or nothing: every sample", example = "2") @Nullable
        Integer samplesPerSecond) {
    /** Topics of devices. */
    @Schema(name = "StreamSubscription")
    record Part(
            @Schema(
                    description = "samples, windows, presence, alerts, system, ledger",
                    example = "[\"samples\", \"presence\"]")
            @Nullable
            List<String> topics,

            @Schema(description = "Names; nothing or * for every device of the tenant", example = "[\"boiler-7\"]")
            @Nullable
            List<String> devices,

            @Schema(description = "Names; nothing for every metric", example = "[\"temperature\"]") @Nullable
            List<String> metrics) {}

    Subscription within(TenantId tenant, StreamSettings limits) {
        if (subscriptions == null || subscriptions.isEmpty()) {
            throw Problems.badBody("/subscriptions", "must list at least one subscription");
        }
        List<View> views = new ArrayList<>();
        for (Part part : subscriptions) {
            List<String> topics = part.topics();
            views.add(View.of(topics == null ? List.of() : topics, part.devices(), part.metrics()));
        }
        return Subscription.of(
                tenant, views, samplesPerSecond == null ? Subscription.EVERY_SAMPLE : samplesPerSecond, limits);
    }
}
