package dev.heliograph.systemtests.faults.plant;

import java.io.IOException;
import java.lang.reflect.Method;
import java.util.Arrays;

/**
 * Runs another main class, and ends the process when the parent's end of standard input is closed: a suite that was killed
 * leaves no service behind.
 */
public final class ChildMain {
    private ChildMain() {}

    /** @param arguments the main class, then its arguments */
    public static void main(String[] arguments) throws ReflectiveOperationException {
        Thread.ofPlatform().daemon().name("parent-watch").start(ChildMain::haltWithParent);
        Method main = Class.forName(arguments[0]).getDeclaredMethod("main", String[].class);
        main.setAccessible(true);
        main.invoke(null, (Object) Arrays.copyOfRange(arguments, 1, arguments.length));
    }

    private static void haltWithParent() {
        try {
            while (System.in.read() >= 0) {
                // nothing is ever said here; only the end counts
            }
        } catch (IOException gone) {
            System.err.println("standard input broke: " + gone);
        }
        Runtime.getRuntime().halt(137);
    }
}
