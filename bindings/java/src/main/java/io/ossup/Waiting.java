package io.ossup;

/** Waiting to the end: an interrupt that comes meanwhile is kept for afterwards. */
final class Waiting {
    private Waiting() {}

    interface Wait {
        void run() throws InterruptedException;
    }

    static void uninterruptibly(Wait wait) {
        boolean interrupted = false;
        while (true) {
            try {
                wait.run();
                break;
            } catch (InterruptedException interrupt) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
