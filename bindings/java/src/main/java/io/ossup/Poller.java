package io.ossup;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;

/**
 * Takes events from a queue of its own on one daemon thread, until it is stopped. What is thrown meanwhile goes to the
 * thread's handler of uncaught exceptions.
 */
final class Poller {
    /** What becomes of an event, which is lent. */
    interface Handler {
        void handle(Pointer event);
    }

    private static final int OK = OssStatus.OK.number;
    private static final int TIMED_OUT = OssStatus.TIMED_OUT.number;

    private final Pointer queue;
    private final Thread thread;
    private volatile boolean stopping;

    /** When there will be no more events, last is run. */
    Poller(String name, Handler handler, Runnable last) throws OssUploadException {
        PointerByReference made = new PointerByReference();
        OssUploadException.check(LibOssup.ossup_queue_new(made));
        queue = made.getValue();
        thread = new Thread(() -> run(handler, last), name);
        thread.setDaemon(true);
    }

    Pointer queue() {
        return queue;
    }

    void start() {
        thread.start();
    }

    private void run(Handler handler, Runnable last) {
        PointerByReference event = new PointerByReference();
        int status = OK;
        while (status == OK || status == TIMED_OUT && !stopping) {
            status = LibOssup.ossup_queue_next(queue, -1, event);
            if (status == OK) {
                try {
                    handler.handle(event.getValue());
                } catch (Throwable thrown) {
                    thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
                } finally {
                    LibOssup.ossup_event_free(event.getValue());
                }
            }
        }
        last.run();
    }

    /** Has it end when the events that wait are handled, waits for that, and frees the queue. */
    void stop() {
        stopping = true;
        LibOssup.ossup_queue_wake(queue);
        Waiting.uninterruptibly(thread::join);
        LibOssup.ossup_queue_free(queue);
    }

    /** Frees the queue of one that was never started. */
    void discard() {
        LibOssup.ossup_queue_free(queue);
    }
}
