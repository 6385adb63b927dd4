package io.ossup.compat.model;

import java.io.InputStream;

/** The object that an upload made. */
public class CompleteMultipartUploadResult extends GenericResult implements CallbackResult {
    private String bucketName;
    private String key;
    private String location;
    private String eTag;
    private String versionId;
    private InputStream callbackResponseBody;

    public String getBucketName() {
        return bucketName;
    }

    public void setBucketName(String name) {
        bucketName = name;
    }

    public String getKey() {
        return key;
    }

    public void setKey(String key) {
        this.key = key;
    }

    /** The object's address. */
    public String getLocation() {
        return location;
    }

    public void setLocation(String address) {
        location = address;
    }

    /** The object's ETag, without quotes. */
    public String getETag() {
        return eTag;
    }

    public void setETag(String tag) {
        eTag = tag;
    }

    /** The object's version, in buckets that keep versions; null elsewhere. */
    public String getVersionId() {
        return versionId;
    }

    public void setVersionId(String id) {
        versionId = id;
    }

    @Override
    public InputStream getCallbackResponseBody() {
        return callbackResponseBody;
    }

    @Override
    public void setCallbackResponseBody(InputStream body) {
        callbackResponseBody = body;
    }
}
