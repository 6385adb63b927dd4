package io.ossup;

/** Is told how far an upload is. What it throws pauses the upload and becomes the cause of its exception. */
@FunctionalInterface
public interface ProgressListener {
    void onProgress(UploadProgress progress);
}
