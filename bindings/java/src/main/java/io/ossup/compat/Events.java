package io.ossup.compat;

import io.ossup.OssUploadException;
import io.ossup.UploadProgress;
import io.ossup.compat.event.ProgressEvent;
import io.ossup.compat.event.ProgressEventType;
import io.ossup.compat.event.ProgressListener;

/** Makes events of an upload's progress: what is new of its absolute numbers. */
final class Events implements io.ossup.ProgressListener {
    private final ProgressListener listener;
    private boolean started;
    private long told;
    private Throwable thrown;

    Events(ProgressListener listener) {
        this.listener = listener;
    }

    @Override
    public void onProgress(UploadProgress progress) {
        if (progress.phase() == UploadProgress.Phase.PREPARING) {
            return;
        }
        try {
            tell(progress);
        } catch (Throwable its) {
            thrown = its;
            throw its;
        }
    }

    private void tell(UploadProgress progress) {
        if (!started) {
            started = true;
            tell(ProgressEventType.TRANSFER_STARTED_EVENT, 0);
            tell(ProgressEventType.REQUEST_CONTENT_LENGTH_EVENT, progress.bytesTotal());
        }
        long sent = Math.min(progress.bytesConfirmed() + progress.bytesInFlight(), progress.bytesTotal());
        // What is on its way may have to be sent again.
        if (sent > told) {
            long more = sent - told;
            told = sent;
            tell(ProgressEventType.REQUEST_BYTE_TRANSFER_EVENT, more);
        }
    }

    private void tell(ProgressEventType type, long bytes) {
        listener.progressChanged(new ProgressEvent(type, bytes));
    }

    void completed() {
        tell(ProgressEventType.TRANSFER_COMPLETED_EVENT, 0);
    }

    /** Tells of the end, and returns what uploadFile throws. */
    Throwable failed(OssUploadException failure) {
        return thrown != null ? thrown : failed(Failures.of(failure), failure.partNumber());
    }

    Throwable interrupted(InterruptedException interrupt) {
        return failed(interrupt, 0);
    }

    private <T extends Throwable> T failed(T failure, int partNumber) {
        if (started) {
            try {
                if (partNumber > 0) {
                    tell(ProgressEventType.TRANSFER_PART_FAILED_EVENT, 0);
                }
                tell(ProgressEventType.TRANSFER_FAILED_EVENT, 0);
            } catch (Throwable its) {
                failure.addSuppressed(its);
            }
        }
        return failure;
    }
}
