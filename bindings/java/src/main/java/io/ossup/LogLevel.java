package io.ossup;

/** What a line of the log is for. A log of one level has the lines of those above it, too. */
public enum LogLevel {
    /** An upload that failed. */
    ERROR,
    /** What went wrong without stopping an upload. */
    WARN,
    /** What uploads begin, decide and do. */
    INFO,
    /** Each try of each request, and each step of the record. */
    DEBUG,
    /** Each part. */
    TRACE;

    int number() {
        return ordinal() + 1;
    }

    static LogLevel of(int number) {
        return values()[number - 1];
    }
}
