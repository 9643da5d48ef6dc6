package dev.heliograph.ingest.mqtt;

import dev.heliograph.ingest.intake.Event;
import dev.heliograph.ingest.intake.EventSink;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A Kafka that answers when the test says so, and in the order that the test says. */
final class HeldSink implements EventSink {
    final List<Event> events = new ArrayList<>();
    private final List<Completion> completions = new ArrayList<>();
    boolean answersAtOnce = true;

    @Override
    public void send(Event event, Completion completion) {
        events.add(event);
        completions.add(completion);
        if (answersAtOnce) {
            completion.completed(null);
        }
    }

    /** How many events there were, by whose numbers they are answered. */
    int sent() {
        return completions.size();
    }

    /** Answers for one event, by its number from 0. */
    void answer(int number, @Nullable Throwable failure) {
        completions.get(number).completed(failure);
    }

    List<Event> of(String topic) {
        return events.stream().filter(event -> event.topic().equals(topic)).toList();
    }
}
