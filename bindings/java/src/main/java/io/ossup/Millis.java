package io.ossup;

import java.time.Duration;

/** Times as C counts them. */
final class Millis {
    private static final int NANOS = 1_000_000;

    private Millis() {}

    /** A time in milliseconds. The last one counts when it is begun: to C, 0 often is no bound at all. */
    static long of(Duration time) {
        try {
            return time.isNegative() ? -of(time.negated()) : time.plusNanos(NANOS - 1).toMillis();
        } catch (ArithmeticException beyondMeasure) {
            return time.isNegative() ? -Long.MAX_VALUE : Long.MAX_VALUE;
        }
    }

    /** How long is waited for something. What is left of a time that is over is nothing; to C, it would be for ever. */
    static long toWait(Duration timeout) {
        return Math.max(of(timeout), 0);
    }
}
