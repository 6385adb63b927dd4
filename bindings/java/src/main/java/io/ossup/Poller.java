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
        void handle(Pointer event) throws OssUploadException;
    }

    private static final int OK = OssStatus.OK.number;
    private static final int TIMED_OUT = OssStatus.TIMED_OUT.number;

    private final Handle queue;
    private final Thread thread;
    private volatile boolean stopping;

    /** When there will be no more events, last is run. */
    Poller(String name, Handler handler, Runnable last) throws OssUploadException {
        queue = Handle.make(LibOssup::ossup_queue_new, LibOssup::ossup_queue_free);
        thread = Threads.daemon(name, () -> run(handler, last));
    }

    Pointer queue() {
        return queue.get();
    }

    boolean isThisThread() {
        return Thread.currentThread() == thread;
    }

    void start() {
        thread.start();
    }

    private void run(Handler handler, Runnable last) {
        try {
            takeAll(handler);
        } finally {
            last.run();
        }
    }

    private void takeAll(Handler handler) {
        PointerByReference place = new PointerByReference();
        int status = OK;
        while (status == OK || (status == TIMED_OUT && !stopping)) {
            status = LibOssup.ossup_queue_next(queue(), -1, place);
            if (status == OK) {
                try (Handle event = Handle.take(place.getValue(), LibOssup::ossup_event_free)) {
                    handler.handle(event.get());
                } catch (Throwable thrown) {
                    thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
                }
            }
        }
    }

    /** Has it end when the events that wait are handled, waits for that, and frees the queue. */
    void stop() {
        stopping = true;
        LibOssup.ossup_queue_wake(queue());
        Waiting.uninterruptibly(thread::join);
        queue.close();
    }

    /** Frees the queue of one that was never started. */
    void discard() {
        queue.close();
    }
}
