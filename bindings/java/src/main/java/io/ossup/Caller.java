package io.ossup;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;

/** Runs tasks on the thread that waits for an upload. */
final class Caller implements Executor {
    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    /** Runs tasks until the upload is over. An interrupt pauses it, and is kept. */
    void attend(OssUpload upload) {
        boolean interrupted = false;
        while (!upload.isDone()) {
            try {
                tasks.take().run();
            } catch (InterruptedException interrupt) {
                interrupted = true;
                upload.pause(interrupt);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
