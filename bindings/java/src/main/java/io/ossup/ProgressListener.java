package io.ossup;

/** Is told how far an upload is. What it throws pauses the upload and becomes the cause of its exception. */
@FunctionalInterface
public interface ProgressListener {
    /** The upload is so far by now. */
    void onProgress(UploadProgress progress);
}
