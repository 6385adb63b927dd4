package io.ossup;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/** Tells a listener of an upload's progress. What it throws pauses the upload, and it is told no more. */
final class Telling {
    private final Running upload;
    private final ProgressListener listener;
    private final Executor executor;
    private final AtomicBoolean isDue = new AtomicBoolean();
    private boolean failed;

    Telling(Running upload, ProgressListener listener, Executor executor) {
        this.upload = upload;
        this.listener = listener;
        this.executor = executor;
    }

    /** Has it told, unless that was settled before. */
    void soon() {
        if (listener != null && isDue.compareAndSet(false, true)) {
            executor.execute(this::tell);
        }
    }

    /** Whether it threw. */
    boolean failed() {
        return failed;
    }

    private void tell() {
        isDue.set(false);
        if (failed) {
            return;
        }
        try {
            listener.onProgress(upload.progress());
        } catch (Throwable thrown) {
            failed = true;
            upload.pause(thrown);
        }
    }
}
