package io.ossup;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MillisTest {
    @Test
    void whatIsBegunCounts() {
        assertEquals(0, Millis.of(Duration.ZERO));
        assertEquals(1, Millis.of(Duration.ofNanos(1)));
        assertEquals(1, Millis.of(Duration.ofMillis(1)));
        assertEquals(2, Millis.of(Duration.ofMillis(1).plusNanos(1)));
        assertEquals(-1, Millis.of(Duration.ofNanos(-1)));
        assertEquals(-5, Millis.of(Duration.ofMillis(-5)));
    }

    @Test
    void beyondMeasureIsTheMostThatThereIs() {
        assertEquals(Long.MAX_VALUE, Millis.of(Duration.ofSeconds(Long.MAX_VALUE, 999_999_999)));
        assertEquals(-Long.MAX_VALUE, Millis.of(Duration.ofSeconds(Long.MIN_VALUE)));
    }

    @Test
    void whatIsOverIsNotWaitedFor() {
        assertEquals(0, Millis.toWait(Duration.ofMillis(-1)));
        assertEquals(0, Millis.toWait(Duration.ofNanos(-1)));
        assertEquals(1, Millis.toWait(Duration.ofNanos(1)));
    }
}
