package io.ossup;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;

/** Runs tasks on the thread that waits for an upload. */
final class Caller implements Executor {
    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private InterruptedException interrupt;

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    /** Runs tasks until the upload is over. An interrupt pauses it. */
    void attend(OssUpload upload) {
        while (!upload.isOver()) {
            try {
                tasks.take().run();
            } catch (InterruptedException thrown) {
                interrupt = thrown;
                upload.pause(thrown);
            }
        }
    }

    /** What an upload came to that is over. An interrupt that did not stop it is kept for the thread's next wait. */
    UploadResult outcome(UploadResult result) throws OssUploadException, InterruptedException {
        OssUploadException failure = result.error();
        if (interrupt != null && failure != null && failure.getCause() instanceof InterruptedException) {
            InterruptedException told = new InterruptedException("the upload was paused");
            told.initCause(failure);
            throw told;
        }
        if (interrupt != null) {
            Thread.currentThread().interrupt();
        }
        if (failure != null) {
            throw failure;
        }
        return result;
    }
}
