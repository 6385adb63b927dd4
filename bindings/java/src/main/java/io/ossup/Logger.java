package io.ossup;

/**
 * Is told what a client does, line by line, in order, on a thread of its own: it may take its time, though lines get lost,
 * and are counted, when a thousand wait. What it throws goes to the handler of
 * uncaught exceptions.
 */
@FunctionalInterface
public interface Logger {
    void log(LogLevel level, String message);
}
