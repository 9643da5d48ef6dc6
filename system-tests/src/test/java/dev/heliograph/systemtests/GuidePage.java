package dev.heliograph.systemtests;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A page of the guide: its commands, and what it says that they print. A block marked {@code sh} is run; one of another
 * mark that follows it, with nothing between them, is its output. There, {@code …} stands for any text of a line, and a
 * line that is nothing else for any lines, none included.
 *
 * @param blocks in the order of the page
 * @param unmarked lines that run a command outside of the blocks, which nothing would run
 */
record GuidePage(List<Block> blocks, List<String> unmarked) {
    private static final String FENCE = "```";
    private static final String ANYTHING = "…";
    private static final Pattern COMMAND = Pattern.compile("^\\s*(?:\\$ )?(?:curl|\\./heliograph) .*");

    /**
     * One block of commands.
     *
     * @param line where it begins in the page, from 1
     * @param commands what is run
     * @param output what it prints; null where the page does not say
     */
    record Block(int line, String commands, @Nullable String output) {
        /** Whether this is what the page says. */
        boolean isPrinted(String actual) {
            return output == null || pattern(output).matcher(trimmed(actual)).matches();
        }
    }

    /** Reads a page in Markdown. */
    static GuidePage parse(String markdown) {
        List<Block> blocks = new ArrayList<>();
        List<String> unmarked = new ArrayList<>();
        List<String> lines = markdown.lines().toList();
        boolean lastWasCommands = false;
        int i = 0;
        while (i < lines.size()) {
            String line = lines.get(i);
            if (!line.startsWith(FENCE)) {
                lastWasCommands &= line.isBlank();
                if (COMMAND.matcher(line).matches()) {
                    unmarked.add((i + 1) + ": " + line.strip());
                }
                i++;
                continue;
            }
            int end = i + 1;
            while (end < lines.size() && !lines.get(end).startsWith(FENCE)) {
                end++;
            }
            if (end == lines.size()) {
                throw new IllegalArgumentException("line " + (i + 1) + ": a block without an end");
            }
            String text = String.join("\n", lines.subList(i + 1, end));
            boolean commands = line.equals(FENCE + "sh");
            if (commands) {
                blocks.add(new Block(i + 1, text, null));
            } else if (lastWasCommands) {
                Block of = blocks.removeLast();
                blocks.add(new Block(of.line(), of.commands(), text));
            }
            lastWasCommands = commands;
            i = end + 1;
        }
        return new GuidePage(List.copyOf(blocks), List.copyOf(unmarked));
    }

    // Each line takes its line break with it, so that a line for "any lines" can also stand for none.
    private static Pattern pattern(String output) {
        return Pattern.compile(trimmed(output)
                .lines()
                .map(line -> line.strip().equals(ANYTHING) ? "(?s:.*)" : ofLine(line) + "(?:\\R|$)")
                .collect(Collectors.joining()));
    }

    // Spaces at the end of a line are seen by nobody, and removed by editors.
    private static String trimmed(String text) {
        return text.lines()
                .map(String::stripTrailing)
                .collect(Collectors.joining("\n"))
                .strip();
    }

    private static String ofLine(String line) {
        return Stream.of(line.split(ANYTHING, -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
    }
}
