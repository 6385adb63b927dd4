package io.ossup.conformance;

import io.ossup.ProgressListener;
import io.ossup.UploadProgress;
import java.util.concurrent.CountDownLatch;

/** Counts what it is told, and does something when it hears of bytes. */
final class Listener implements ProgressListener {
    /** What it does, besides counting, whenever it is told that bytes were confirmed. */
    private final Runnable onBytes;
    private final CountDownLatch bytes = new CountDownLatch(1);
    private int calls;
    private int back;
    private UploadProgress last;

    Listener() {
        this(() -> {});
    }

    Listener(Runnable onBytes) {
        this.onBytes = onBytes;
    }

    @Override
    public synchronized void onProgress(UploadProgress progress) {
        calls++;
        if (last != null
                && (progress.bytesConfirmed() < last.bytesConfirmed() || progress.phase().compareTo(last.phase()) < 0)) {
            back++;
        }
        last = progress;
        if (progress.bytesConfirmed() > 0) {
            bytes.countDown();
            onBytes.run();
        }
    }

    /** Ends a wait for bytes that will not come any more. */
    void over() {
        bytes.countDown();
    }

    void awaitBytes() throws InterruptedException {
        bytes.await();
    }

    synchronized void tell() {
        Report.tell("progress_calls", calls);
        if (last != null) {
            Report.tell("progress_last", last.bytesConfirmed() + " " + last.bytesTotal());
            Report.tell("progress_phase", last.phase());
        }
        Report.tell("progress_back", back);
    }
}
