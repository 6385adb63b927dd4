package io.ossup.compat.event;

/**
 * Is told how far an upload is, on the thread that waits for it. What it throws pauses the upload, and comes out of
 * uploadFile.
 */
public interface ProgressListener {
    /** Hears nothing. */
    ProgressListener NOOP = event -> {};

    void progressChanged(ProgressEvent event);
}
