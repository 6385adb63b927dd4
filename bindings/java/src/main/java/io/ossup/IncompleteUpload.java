package io.ossup;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A multipart upload on the server that nobody has completed: {@link OssUploadClient#listIncompleteUploads}. */
public final class IncompleteUpload {
    private final String key;
    private final String uploadId;
    private final Instant initiated;

    private IncompleteUpload(Pointer uploads, long index) {
        key = Text.fromC(LibOssup.ossup_incomplete_uploads_key(uploads, index));
        uploadId = Text.fromC(LibOssup.ossup_incomplete_uploads_upload_id(uploads, index));
        long second = LibOssup.ossup_incomplete_uploads_initiated(uploads, index);
        initiated = second == 0 ? null : Instant.ofEpochSecond(second);
    }

    static List<IncompleteUpload> all(Pointer client, byte[] bucketName, byte[] prefix, long olderThanS)
            throws OssUploadException {
        try (Handle found = Handle.makeOrTell(
                (out, error) -> LibOssup.ossup_client_list_incomplete_uploads(
                        client, bucketName, prefix, olderThanS, out, error),
                LibOssup::ossup_incomplete_uploads_free)) {
            List<IncompleteUpload> uploads = new ArrayList<>();
            for (long index = 0; index < LibOssup.ossup_incomplete_uploads_count(found.get()); index++) {
                uploads.add(new IncompleteUpload(found.get(), index));
            }
            return uploads;
        }
    }

    static void abort(Pointer client, byte[] bucketName, byte[] key, byte[] uploadId) throws OssUploadException {
        PointerByReference error = new PointerByReference();
        int status = LibOssup.ossup_client_abort_incomplete_upload(client, bucketName, key, uploadId, error);
        OssUploadException.check(status, error);
    }

    /** The name of the object that it was to make. */
    public String key() {
        return key;
    }

    /** OSS's id of it. */
    public String uploadId() {
        return uploadId;
    }

    /** When it was opened, by the server's clock; null when that is not known. */
    public Instant initiated() {
        return initiated;
    }
}
