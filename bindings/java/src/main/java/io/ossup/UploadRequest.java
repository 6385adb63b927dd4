package io.ossup;

import com.sun.jna.Pointer;
import java.io.File;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One upload's parameters. The same request again goes on where it was stopped. What is not set is the library's default;
 * what is set wrongly is refused by the upload. It is a builder: one thread at a time, and changing it concerns no upload
 * that was started.
 */
public final class UploadRequest {
    private final Map<String, Setting> settings = new LinkedHashMap<>();
    private SourceMaker source;
    private ProgressListener progressListener;
    private boolean keepsToken;

    /** An upload whose bytes are still to be named. */
    public UploadRequest(String bucketName, String key) {
        bucketName(bucketName);
        key(key);
    }

    /** An upload of a file. */
    public UploadRequest(String bucketName, String key, String uploadFile) {
        this(bucketName, key);
        uploadFile(uploadFile);
    }

    /** An upload of a file. */
    public UploadRequest(String bucketName, String key, Path uploadFile) {
        this(bucketName, key);
        uploadFile(uploadFile);
    }

    /** The bucket: 3 to 63 lower-case letters, digits and hyphens. */
    public UploadRequest bucketName(String bucketName) {
        return option("bucket_name", bucketName);
    }

    /** The object's name: 1 to 1023 bytes of UTF-8. */
    public UploadRequest key(String key) {
        return option("key", key);
    }

    /** The file to upload; of all sources, the last one that was set counts. Text is UTF-8 in file names, too. */
    public UploadRequest uploadFile(String file) {
        return from(() -> Source.file(Text.toC("upload_file", file)));
    }

    /** The file to upload, by the very name that Java knows it by. */
    public UploadRequest uploadFile(Path file) {
        return from(() -> Source.file(FileName.toC("upload_file", file)));
    }

    /** The file to upload, by the very name that Java knows it by. */
    public UploadRequest uploadFile(File file) {
        return from(() -> Source.file(FileName.toC("upload_file", file)));
    }

    /** Uploads memory, of which there is a copy while the upload runs. */
    public UploadRequest uploadMemory(byte[] bytes) {
        return from(() -> Source.memory(bytes));
    }

    /**
     * Uploads what a buffer has between its position and its limit by now. A direct buffer is read where it is and must stay as
     * it is until the upload is over; of another there is a copy.
     */
    public UploadRequest uploadMemory(ByteBuffer buffer) {
        ByteBuffer bytes = buffer.duplicate();
        return from(() -> Source.memory(bytes));
    }

    /**
     * Uploads a stream of which nobody knows the length. It is read to its end, on a thread of the client's, but not closed.
     * A read that waits when the upload ends otherwise is not broken off.
     * There is no record of it, and a pause leaves nothing. What it throws aborts the upload and becomes the cause of its
     * exception.
     */
    public UploadRequest uploadStream(InputStream stream) {
        return from(() -> Source.stream(stream, Source.UNKNOWN_SIZE));
    }

    /**
     * Uploads a stream of a known length in bytes. What it throws pauses the upload: the same request goes on, with a stream
     * that has the same bytes from the beginning.
     */
    public UploadRequest uploadStream(InputStream stream, long size) {
        return from(() -> {
            OssUploadException.refuseNegative("a stream's size", size);
            return Source.stream(stream, size);
        });
    }

    /** How many parts are in flight at a time: 1 (default) to 1000, or 0 to leave it to the library. */
    public UploadRequest taskNum(int taskNum) {
        return option("task_num", Integer.toString(taskNum));
    }

    /**
     * The size of a part in bytes: 102400 (default) to 5368709120, or 0 to have it chosen. For a stream of unknown size:
     * 8388608 by default.
     */
    public UploadRequest partSize(long bytes) {
        return option("part_size", Long.toString(bytes));
    }

    /** Whether even a small file is sent in parts. Default: false, one request. */
    public UploadRequest forceMultipart(boolean force) {
        return option("force_multipart", Boolean.toString(force));
    }

    /** Whether a record is kept, so that the same request goes on after a crash. Default: false. */
    public UploadRequest enableCheckpoint(boolean enable) {
        return option("enable_checkpoint", Boolean.toString(enable));
    }

    /** Where the record is kept. Default: the file's name with ".ucp" behind it. */
    public UploadRequest checkpointFile(String file) {
        return option("checkpoint_file", file);
    }

    /** Where the record is kept. Default: the file's name with ".ucp" behind it. */
    public UploadRequest checkpointFile(Path file) {
        return option("checkpoint_file", file);
    }

    /** The folder in which the record is kept, under a name that the library makes. Default: none. */
    public UploadRequest checkpointDir(String folder) {
        return option("checkpoint_dir", folder);
    }

    /** The folder in which the record is kept, under a name that the library makes. Default: none. */
    public UploadRequest checkpointDir(Path folder) {
        return option("checkpoint_dir", folder);
    }

    /** Whether an upload is refused where the record's file system has no locks. Default: false, which is a warning. */
    public UploadRequest requireLock(boolean require) {
        return option("require_lock", Boolean.toString(require));
    }

    /**
     * Whether what an earlier run sent is read again and compared before it counts. Default: false, only where it may have
     * changed unseen.
     */
    public UploadRequest verifyReusedParts(boolean verify) {
        return option("verify_reused_parts", Boolean.toString(verify));
    }

    /**
     * Whether, where no record is found, the server is asked for an incomplete upload to go on with. Default: false.
     */
    public UploadRequest recover(boolean recover) {
        return option("recover", Boolean.toString(recover));
    }

    /**
     * Whether the object bears a stamp in its metadata by which it is known when the last answer is lost. Default: false.
     */
    public UploadRequest stampObject(boolean stamp) {
        return option("stamp_object", Boolean.toString(stamp));
    }

    /** What to go on from: the token of an upload of the same file, bucket and key. Default: null, nothing. */
    public UploadRequest resumeToken(String token) {
        return option("resume_token", token);
    }

    /** The object's media type. Default: by the ending of the file's name, or else of the key's. */
    public UploadRequest contentType(String contentType) {
        return option("content_type", contentType);
    }

    /**
     * How the object is to be shown or saved, such as "attachment; filename=report.pdf", in visible ASCII. Default: none.
     */
    public UploadRequest contentDisposition(String disposition) {
        return option("content_disposition", disposition);
    }

    /** How the file's bytes are encoded, such as "gzip"; they are sent as they are. Default: none. */
    public UploadRequest contentEncoding(String encoding) {
        return option("content_encoding", encoding);
    }

    /** The object's language, such as "zh-CN". Default: none. */
    public UploadRequest contentLanguage(String language) {
        return option("content_language", language);
    }

    /** How long the object may be kept in caches, such as "max-age=3600". Default: none. */
    public UploadRequest cacheControl(String control) {
        return option("cache_control", control);
    }

    /** When cached copies become stale, as a date of HTTP such as "Wed, 08 Jul 2026 16:57:01 GMT". Default: none. */
    public UploadRequest expires(String date) {
        return option("expires", date);
    }

    /**
     * Who may read and write the object: "default", "private", "public-read" or "public-read-write". Default: the bucket's.
     */
    public UploadRequest objectAcl(String acl) {
        return option("object_acl", acl);
    }

    /** "Standard", "IA", "Archive", "ColdArchive" or "DeepColdArchive". Default: the bucket's. */
    public UploadRequest storageClass(String storageClass) {
        return option("storage_class", storageClass);
    }

    /** How OSS encrypts the object: "AES256", "KMS" or "SM4". Default: the bucket's way. */
    public UploadRequest serverSideEncryption(String method) {
        return option("server_side_encryption", method);
    }

    /** The id of the key that encrypts the object, with "KMS" alone. Default: the one that OSS keeps in KMS. */
    public UploadRequest serverSideEncryptionKeyId(String keyId) {
        return option("server_side_encryption_key_id", keyId);
    }

    /** The algorithm of the encryption, with "KMS" alone: "SM4". Default: AES256. */
    public UploadRequest serverSideDataEncryption(String algorithm) {
        return option("server_side_data_encryption", algorithm);
    }

    /** Who pays for the requests: "requester", for a bucket whose owner does not. Default: the bucket's owner. */
    public UploadRequest requestPayer(String payer) {
        return option("request_payer", payer);
    }

    /** The speed at which OSS takes each part, in bits per second: 819200 to 838860800. Default: none. */
    public UploadRequest trafficLimit(long bitsPerSecond) {
        return option("traffic_limit", Long.toString(bitsPerSecond));
    }

    /**
     * How many bytes a second the upload may send: at least 1024, or 0 (default) for no cap. {@link
     * OssUpload#setBandwidthLimit} changes it later.
     */
    public UploadRequest bandwidthLimit(long bytesPerSecond) {
        return option("bandwidth_limit", Long.toString(bytesPerSecond));
    }

    /** Whether the upload fails with {@link OssStatus#ALREADY_EXISTS} when the object exists. Default: false. */
    public UploadRequest forbidOverwrite(boolean forbid) {
        return option("forbid_overwrite", Boolean.toString(forbid));
    }

    /** The Host header of the callback's request. Default: the address's own. */
    public UploadRequest callbackHost(String host) {
        return option("callback_host", host);
    }

    /** The callback body's media type: "application/x-www-form-urlencoded" (default) or "application/json". */
    public UploadRequest callbackBodyType(String bodyType) {
        return option("callback_body_type", bodyType);
    }

    /** Whether OSS names the host (SNI) when it calls an HTTPS address. Default: false. */
    public UploadRequest callbackSni(boolean sni) {
        return option("callback_sni", Boolean.toString(sni));
    }

    /** How long a record is waited for that another upload holds. Default: 0, not at all; null waits for ever. */
    public UploadRequest lockTimeout(Duration timeout) {
        return option("lock_timeout_ms", timeout == null ? "-1" : Long.toString(Millis.toWait(timeout)));
    }

    /**
     * How long the upload may take from its start. Then it stops as by a pause, with {@link OssStatus#DEADLINE_EXCEEDED}.
     * Default: 0, no deadline.
     */
    public UploadRequest deadline(Duration time) {
        return option("deadline_ms", Long.toString(Millis.of(time)));
    }

    /** Adds a tag to the object: at most 10. */
    public UploadRequest tag(String key, String value) {
        return pair("tag", key, value, LibOssup::ossup_request_add_tag);
    }

    /** Adds user metadata: the header x-oss-meta-name. Values are visible ASCII. */
    public UploadRequest userMetadata(String name, String value) {
        return pair("user metadata", name, value, LibOssup::ossup_request_add_user_metadata);
    }

    /** Any other header, of visible ASCII; it goes to the calls that carry it. */
    public UploadRequest header(String name, String value) {
        return pair("header", name, value, LibOssup::ossup_request_set_header);
    }

    /**
     * Has OSS post a body to an application server once the object is stored; its answer is in the result.
     *
     * @param url up to five addresses separated by semicolons
     * @param body with OSS's variables, such as "bucket=${bucket}&amp;object=${object}&amp;tag=${x:tag}"
     */
    public UploadRequest callback(String url, String body) {
        return set("callback", request -> LibOssup.ossup_request_set_callback(
                request, Text.toC("the callback's url", url), Text.toC("the callback's body", body)));
    }

    /** Adds a variable that the callback's body may use as ${x:name}. Its name begins with "x:" and has no upper case. */
    public UploadRequest callbackVar(String name, String value) {
        return pair("callback variable", name, value, LibOssup::ossup_request_add_callback_var);
    }

    /** Any other parameter, by what follows ossup_request_set_ in the name of its setter in C. */
    public UploadRequest option(String name, String value) {
        return set(name, request -> LibOssup.ossup_request_set_option(
                request, Text.toC("an option's name", name), Text.toC(name, value)));
    }

    private UploadRequest option(String name, Path path) {
        return set(name, request -> LibOssup.ossup_request_set_option(
                request, Text.toC("an option's name", name), FileName.toC(name, path)));
    }

    /**
     * Whether, when the upload is stopped, a token is made with which it can go on elsewhere, {@link
     * UploadResult#resumeToken}. What a token speaks of stays on the server, and is paid for, until somebody goes on with it or
     * aborts it. Default: false.
     */
    public UploadRequest keepResumeToken(boolean keep) {
        keepsToken = keep;
        return this;
    }

    /** Who is told how far the upload is: on the thread that waits for it, or by the client's executor. */
    public UploadRequest progressListener(ProgressListener listener) {
        progressListener = listener;
        return this;
    }

    ProgressListener progressListener() {
        return progressListener;
    }

    boolean keepsToken() {
        return keepsToken;
    }

    /** Where its bytes come from; null when that was not said. */
    Source source() throws OssUploadException {
        return source == null ? null : source.make();
    }

    /** Makes C's request, without its source. What it refuses, ossup_upload_new reports. */
    Handle toC() throws OssUploadException {
        Handle request = Handle.make(LibOssup::ossup_request_new, LibOssup::ossup_request_free);
        try {
            for (Setting setting : settings.values()) {
                setting.setIn(request.get());
            }
            return request;
        } catch (Throwable thrown) {
            request.close();
            throw thrown;
        }
    }

    private UploadRequest from(SourceMaker maker) {
        source = maker;
        return this;
    }

    private UploadRequest set(String name, Setting setting) {
        settings.put(name, setting);
        return this;
    }

    private UploadRequest pair(String kind, String name, String value, PairSetter setter) {
        return set(kind + ' ' + name, request -> setter.set(
                request, Text.toC("the name of a " + kind, name), Text.toC("the " + kind + ' ' + name, value)));
    }

    /** One of C's functions that set a parameter of two texts. */
    private interface PairSetter {
        int set(Pointer request, byte[] name, byte[] value);
    }

    /** Makes a source when an upload begins: what is wrong with it is the upload's to tell. */
    private interface SourceMaker {
        Source make() throws OssUploadException;
    }
}
