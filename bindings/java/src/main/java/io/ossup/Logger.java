package io.ossup;

/**
 * Is told what a client does, line by line, in order, on a thread of its own: it may take its time, though lines get lost,
 * and are counted, when a thousand wait. What it throws goes to the handler of uncaught exceptions.
 */
@FunctionalInterface
public interface Logger {
    /** A line, without its end. It holds no secret. */
    void log(LogLevel level, String message);

    /** One that passes lines on to Java's own logging. */
    static Logger of(java.util.logging.Logger logger) {
        return (level, message) -> logger.log(level.ofJava, message);
    }
}
