package io.ossup.compat;

import io.ossup.compat.model.UploadFileRequest;
import io.ossup.compat.model.UploadFileResult;

/** Uploads files to OSS. Any number of threads may use it; one for a whole program is best. */
public interface OSS {
    /**
     * Uploads a file and waits until that is over. With a checkpoint, the same request again goes on where it was stopped.
     *
     * @throws OSSException when OSS refuses
     * @throws ClientException when OSS cannot be reached, the file cannot be read, or {@link #shutdown} stopped the upload
     * @throws InterruptedException when the thread was interrupted, which stops the upload
     * @throws IllegalArgumentException when the request is not as it must be
     * @throws Throwable what the progress listener threw, which stops the upload
     */
    UploadFileResult uploadFile(UploadFileRequest uploadFileRequest) throws Throwable;

    /** Stops what still runs, as far as it is, and frees everything. Afterwards nothing can be uploaded. */
    void shutdown();
}
