package io.ossup;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One upload's parameters. The same request again goes on where it was stopped. What is not set is the library's default;
 * what is set wrongly is refused by the upload.
 */
public final class UploadRequest {
    private final Map<String, String> options = new LinkedHashMap<>();
    private final Map<String, String> userMetadata = new LinkedHashMap<>();
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final Map<String, String> callbackVars = new LinkedHashMap<>();
    private String callbackUrl;
    private String callbackBody;
    private ProgressListener progressListener;

    public UploadRequest(String bucketName, String key, String uploadFile) {
        option("bucket_name", bucketName);
        option("key", key);
        option("upload_file", uploadFile);
    }

    /** How many parts are in flight at a time: 1 (default) to 1000, or 0 to leave it to the library. */
    public UploadRequest taskNum(int taskNum) {
        return option("task_num", Integer.toString(taskNum));
    }

    /** The size of a part in bytes: 102400 (default) to 5368709120, or 0 to have it chosen. */
    public UploadRequest partSize(long bytes) {
        return option("part_size", Long.toString(bytes));
    }

    /** Whether a record is kept, so that the same request goes on after a crash. Default: false. */
    public UploadRequest enableCheckpoint(boolean enable) {
        return option("enable_checkpoint", Boolean.toString(enable));
    }

    /** Where the record is kept. Default: the file's name with ".ucp" behind it. */
    public UploadRequest checkpointFile(String file) {
        return option("checkpoint_file", file);
    }

    /** How many bytes a second the upload may send: at least 1024, or 0 (default) for no cap. */
    public UploadRequest bandwidthLimit(long bytesPerSecond) {
        return option("bandwidth_limit", Long.toString(bytesPerSecond));
    }

    /** The object's media type. Default: by the ending of the file's name. */
    public UploadRequest contentType(String contentType) {
        return option("content_type", contentType);
    }

    public UploadRequest userMetadata(String name, String value) {
        userMetadata.put(name, value);
        return this;
    }

    /** Any other header, of visible ASCII. */
    public UploadRequest header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /** Has OSS post a body to an application server once the object is stored. */
    public UploadRequest callback(String url, String body) {
        callbackUrl = url;
        callbackBody = body;
        return this;
    }

    /** A variable that the callback's body may use as ${x:name}. Its name begins with "x:". */
    public UploadRequest callbackVar(String name, String value) {
        callbackVars.put(name, value);
        return this;
    }

    /** Any other parameter, by what follows ossup_request_set_ in the name of its setter in C. */
    public UploadRequest option(String name, String value) {
        options.put(name, value);
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

    /** Makes C's request, to be freed. What it refuses, ossup_upload_new reports. */
    Pointer toC() throws OssUploadException {
        PointerByReference request = new PointerByReference();
        OssUploadException.check(LibOssup.ossup_request_new(request));
        Pointer made = request.getValue();
        boolean whole = false;
        try {
            for (Map.Entry<String, String> option : options.entrySet()) {
                byte[] name = Text.toC("an option's name", option.getKey());
                LibOssup.ossup_request_set_option(made, name, Text.toC(option.getKey(), option.getValue()));
            }
            for (Map.Entry<String, String> item : userMetadata.entrySet()) {
                byte[] name = Text.toC("user metadata's name", item.getKey());
                LibOssup.ossup_request_add_user_metadata(made, name, Text.toC(item.getKey(), item.getValue()));
            }
            for (Map.Entry<String, String> item : headers.entrySet()) {
                byte[] name = Text.toC("a header's name", item.getKey());
                LibOssup.ossup_request_set_header(made, name, Text.toC(item.getKey(), item.getValue()));
            }
            if (callbackUrl != null) {
                LibOssup.ossup_request_set_callback(
                        made, Text.toC("the callback's url", callbackUrl), Text.toC("its body", callbackBody));
            }
            for (Map.Entry<String, String> item : callbackVars.entrySet()) {
                byte[] name = Text.toC("a variable's name", item.getKey());
                LibOssup.ossup_request_add_callback_var(made, name, Text.toC(item.getKey(), item.getValue()));
            }
            whole = true;
            return made;
        } finally {
            if (!whole) {
                LibOssup.ossup_request_free(made);
            }
        }
    }
}
