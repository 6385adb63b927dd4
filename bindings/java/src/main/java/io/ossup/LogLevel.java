package io.ossup;

import java.util.logging.Level;

/** What a line of the log is for. A log of one level has the lines of those above it, too. */
public enum LogLevel {
    /** An upload that failed. */
    ERROR(Level.SEVERE),
    /** What went wrong without stopping an upload. */
    WARN(Level.WARNING),
    /** What uploads begin, decide and do. */
    INFO(Level.INFO),
    /** Each try of each request, and each step of the record. */
    DEBUG(Level.FINE),
    /** Each part. */
    TRACE(Level.FINER);

    @SuppressWarnings("ImmutableEnumChecker") // Java's levels do not change, though nothing says so.
    final Level ofJava;

    LogLevel(Level ofJava) {
        this.ofJava = ofJava;
    }

    int number() {
        return ordinal() + 1;
    }

    /** Levels of a newer library are the last one. */
    static LogLevel of(int number) {
        return values()[Math.min(number, values().length) - 1];
    }
}
