package dev.heliograph.ingest.funnel;

/** What a document means: how its objects and arrays become readings, in whatever encoding. Stateless. */
@FunctionalInterface
interface Shape {
    /**
     * Reads the document, on whose first token the reader stands; afterwards it stands on the last.
     *
     * @return how many parts the document holds, good or bad
     * @throws Rejected if the message is refused whole
     */
    int read(DocumentReader document, Decoding in, ReadingBuilder out);
}
