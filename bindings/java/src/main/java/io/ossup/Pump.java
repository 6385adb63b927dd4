package io.ossup;

import com.sun.jna.Memory;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Pushes a stream into an upload for as long as there is room, and on when there is room again: a thread is in it only while
 * there is something to do, or to be waited for in the stream.
 */
final class Pump {
    private static final int SIZE = 1 << 16;

    private final InputStream from;
    private final Running upload;
    private final boolean isSized;
    private final Executor executor;
    private final AtomicBoolean isDue = new AtomicBoolean();
    private final byte[] bytes = new byte[SIZE];
    private final Memory place = new Memory(SIZE);
    private int begin;
    private int end;
    private boolean isOver;

    Pump(Source source, Running upload, Executor threads) {
        from = source.pushed();
        isSized = source.isSized();
        this.upload = upload;
        executor = new Serial(threads);
    }

    /** Begins, goes on, or finds out that the upload is over. */
    void soon() {
        if (isDue.compareAndSet(false, true)) {
            executor.execute(this::push);
        }
    }

    private void push() {
        isDue.set(false);
        if (isOver) {
            return;
        }
        try {
            isOver = !pushWhatFits();
        } catch (Throwable thrown) {
            isOver = true;
            giveUp(thrown);
        }
        if (isOver) {
            place.close();
        }
    }

    /** Where the size is known, the same bytes may be pushed again and go on. */
    private void giveUp(Throwable thrown) {
        if (isSized) {
            upload.pause(thrown);
        } else {
            upload.abort(thrown);
        }
    }

    /** Whether there is to be more. */
    private boolean pushWhatFits() throws IOException {
        while (begin < end || fill()) {
            int taken = upload.push(place.share(begin), end - begin);
            if (taken < 0) {
                return false;
            }
            begin += taken;
            if (begin < end) {
                return true;
            }
        }
        upload.finish();
        return false;
    }

    private boolean fill() throws IOException {
        begin = 0;
        end = Math.max(read(), 0);
        place.write(0, bytes, 0, end);
        return end > 0;
    }

    /** How many bytes came; less than none at the end. There are streams that give none before that, unless asked for one. */
    private int read() throws IOException {
        int count = from.read(bytes);
        if (count != 0) {
            return count;
        }
        int one = from.read();
        bytes[0] = (byte) one;
        return one < 0 ? one : 1;
    }
}
