package io.ossup;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What a checkpoint's file says, as it was when it was read. Reading disturbs no upload. */
public final class UploadRecord {
    /** What a record tells. */
    public enum State {
        /** That an upload is about to begin. What is not said is 0 or null. */
        BLANK,
        /** How far an upload is. */
        UPLOADING,
        /** The same; all parts are there, and the object was about to be made. */
        COMPLETING,
        /** Nothing that can be read: the next upload begins anew. */
        DAMAGED,
        /** Something that only a newer version of the library can read. */
        TOO_NEW
    }

    private final State state;
    private final String path;
    private final String bucketName;
    private final String key;
    private final String uploadId;
    private final long partSize;
    private final int partsTotal;
    private final int partsConfirmed;
    private final long bytesTotal;
    private final long bytesConfirmed;
    private final Instant completingSince;

    private UploadRecord(Pointer record) {
        State[] states = State.values();
        // A state of a newer library is one of a newer record.
        state = states[Math.min(LibOssup.ossup_record_get_state(record), states.length - 1)];
        path = Text.fromC(LibOssup.ossup_record_path(record));
        bucketName = Text.fromC(LibOssup.ossup_record_bucket_name(record));
        key = Text.fromC(LibOssup.ossup_record_key(record));
        uploadId = Text.fromC(LibOssup.ossup_record_upload_id(record));
        partSize = LibOssup.ossup_record_part_size(record);
        partsTotal = LibOssup.ossup_record_parts_total(record);
        partsConfirmed = LibOssup.ossup_record_parts_confirmed(record);
        bytesTotal = LibOssup.ossup_record_bytes_total(record);
        bytesConfirmed = LibOssup.ossup_record_bytes_confirmed(record);
        long second = LibOssup.ossup_record_completing_since(record);
        completingSince = second == 0 ? null : Instant.ofEpochSecond(second);
    }

    /**
     * Reads a record.
     *
     * @throws OssUploadException with {@link OssStatus#CHECKPOINT_FOREIGN} when something else is there, {@link
     *     OssStatus#CHECKPOINT_UNUSABLE} when nothing is there or it cannot be read
     */
    public static UploadRecord read(Path file) throws OssUploadException {
        byte[] name = FileName.toC("file", file);
        try (Handle record = Handle.makeOrTell(
                (out, error) -> LibOssup.ossup_record_read(name, out, error), LibOssup::ossup_record_free)) {
            return new UploadRecord(record.get());
        }
    }

    /** Reads all records of a folder whose names end with ".ucp", by name, and passes over what else is there. */
    public static List<UploadRecord> readAll(Path folder) throws OssUploadException {
        byte[] name = FileName.toC("folder", folder);
        try (Handle list = Handle.makeOrTell(
                (out, error) -> LibOssup.ossup_record_list_read(name, out, error), LibOssup::ossup_record_list_free)) {
            List<UploadRecord> records = new ArrayList<>();
            for (long index = 0; index < LibOssup.ossup_record_list_count(list.get()); index++) {
                records.add(new UploadRecord(LibOssup.ossup_record_list_get(list.get(), index)));
            }
            return records;
        }
    }

    /**
     * Deletes a record. What it speaks of stays on the server, to be paid for: see {@link
     * OssUploadClient#abortIncompleteUpload}.
     *
     * @throws OssUploadException with {@link OssStatus#BUSY} when an upload holds it, {@link OssStatus#CHECKPOINT_FOREIGN} when
     *     something else is there, {@link OssStatus#CHECKPOINT_UNUSABLE} when nothing is there or it cannot be deleted
     */
    public static void delete(Path file) throws OssUploadException {
        PointerByReference error = new PointerByReference();
        OssUploadException.check(LibOssup.ossup_record_delete(FileName.toC("file", file), error), error);
    }

    /** What it tells. */
    public State state() {
        return state;
    }

    /** Where it is. */
    public String path() {
        return path;
    }

    /** The bucket that the object goes to, or null. */
    public String bucketName() {
        return bucketName;
    }

    /** The object's name, or null. */
    public String key() {
        return key;
    }

    /** OSS's id of the multipart upload, or null. */
    public String uploadId() {
        return uploadId;
    }

    /** The size of a part in bytes. */
    public long partSize() {
        return partSize;
    }

    /** How many parts there are in all. */
    public int partsTotal() {
        return partsTotal;
    }

    /** How many parts it knows to be on the server. */
    public int partsConfirmed() {
        return partsConfirmed;
    }

    /** The file's size in bytes. */
    public long bytesTotal() {
        return bytesTotal;
    }

    /** How many bytes it knows to be on the server. */
    public long bytesConfirmed() {
        return bytesConfirmed;
    }

    /** The server's time when the object was about to be made; null before that. */
    public Instant completingSince() {
        return completingSince;
    }
}
