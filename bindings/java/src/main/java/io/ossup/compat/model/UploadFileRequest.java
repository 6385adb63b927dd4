package io.ossup.compat.model;

/**
 * One upload's parameters. The same request again, by this program or its next run, goes on where the upload was stopped, if
 * {@link #setEnableCheckpoint} is on.
 */
public class UploadFileRequest extends GenericRequest {
    private static final long DEFAULT_PART_SIZE = 100 * 1024;
    private static final int MAX_TASK_NUM = 1000;

    private String uploadFile;
    private long partSize = DEFAULT_PART_SIZE;
    private int taskNum = 1;
    private boolean enableCheckpoint;
    private String checkpointFile;
    private ObjectMetadata objectMetadata;
    private Callback callback;
    private int trafficLimit;
    private Boolean sequentialMode;

    public UploadFileRequest(String bucketName, String key) {
        super(bucketName, key);
    }

    public UploadFileRequest(String bucketName, String key, String uploadFile, long partSize, int taskNum) {
        this(bucketName, key, uploadFile, partSize, taskNum, false);
    }

    public UploadFileRequest(
            String bucketName, String key, String uploadFile, long partSize, int taskNum, boolean enableCheckpoint) {
        this(bucketName, key, uploadFile, partSize, taskNum, enableCheckpoint, null);
    }

    public UploadFileRequest(
            String bucketName,
            String key,
            String uploadFile,
            long partSize,
            int taskNum,
            boolean enableCheckpoint,
            String checkpointFile) {
        super(bucketName, key);
        this.uploadFile = uploadFile;
        this.partSize = partSize;
        this.taskNum = taskNum;
        this.enableCheckpoint = enableCheckpoint;
        this.checkpointFile = checkpointFile;
    }

    public String getUploadFile() {
        return uploadFile;
    }

    /** The file to upload. Required. */
    public void setUploadFile(String file) {
        uploadFile = file;
    }

    public long getPartSize() {
        return partSize;
    }

    /** The size of a part in bytes: 102400 (default) to 5368709120, or 0 to have it chosen for the file. */
    public void setPartSize(long bytes) {
        partSize = bytes;
    }

    public int getTaskNum() {
        return taskNum;
    }

    /** How many parts are in flight at a time. Default: 1. What is less than 1 is taken for 1, what is more than 1000 for 1000. */
    public void setTaskNum(int taskNum) {
        this.taskNum = Math.max(1, Math.min(taskNum, MAX_TASK_NUM));
    }

    public boolean isEnableCheckpoint() {
        return enableCheckpoint;
    }

    /** Whether a record is kept, so that the same request goes on where it was stopped. Default: false. */
    public void setEnableCheckpoint(boolean enable) {
        enableCheckpoint = enable;
    }

    public String getCheckpointFile() {
        return checkpointFile;
    }

    /** Where the record is kept. Default: null, the file's name with ".ucp" behind it. */
    public void setCheckpointFile(String file) {
        checkpointFile = file;
    }

    public ObjectMetadata getObjectMetadata() {
        return objectMetadata;
    }

    /** What the object is to be. Default: null. */
    public void setObjectMetadata(ObjectMetadata metadata) {
        objectMetadata = metadata;
    }

    public Callback getCallback() {
        return callback;
    }

    /** What OSS tells an application server once the object is stored. Default: null. */
    public void setCallback(Callback callback) {
        this.callback = callback;
    }

    /**
     * The same as JSON, as OSS's documentation has it: {"callbackUrl":"…","callbackBody":"…"}, with callbackHost,
     * callbackBodyType and callbackSNI if need be.
     *
     * @throws IllegalArgumentException when it is something else
     */
    public void setCallback(String json) {
        callback = CallbackJson.parse(json);
    }

    public int getTrafficLimit() {
        return trafficLimit;
    }

    /** The speed at which OSS takes each part, in bits per second; OSS allows 819200 to 838860800. Default: 0, no limit. */
    public void setTrafficLimit(int bitsPerSecond) {
        trafficLimit = bitsPerSecond;
    }

    public Boolean getSequentialMode() {
        return sequentialMode;
    }

    /** Whether parts come in order, for an object with an MD5. The upload is refused with true. Default: null. */
    public void setSequentialMode(Boolean sequential) {
        sequentialMode = sequential;
    }
}
