package io.ossup.compat.model;

/** A request about an object. */
public class GenericRequest extends WebServiceRequest {
    private String bucketName;
    private String key;
    private Payer requestPayer;

    public GenericRequest() {
        this(null, null);
    }

    public GenericRequest(String bucketName) {
        this(bucketName, null);
    }

    public GenericRequest(String bucketName, String key) {
        this.bucketName = bucketName;
        this.key = key;
    }

    public String getBucketName() {
        return bucketName;
    }

    public void setBucketName(String bucketName) {
        this.bucketName = bucketName;
    }

    public GenericRequest withBucketName(String bucketName) {
        setBucketName(bucketName);
        return this;
    }

    public String getKey() {
        return key;
    }

    public void setKey(String key) {
        this.key = key;
    }

    public GenericRequest withKey(String key) {
        setKey(key);
        return this;
    }

    public Payer getRequestPayer() {
        return requestPayer;
    }

    /** Who pays for the requests. Default: null, the bucket's owner. */
    public void setRequestPayer(Payer payer) {
        requestPayer = payer;
    }

    public GenericRequest withRequestPayer(Payer payer) {
        setRequestPayer(payer);
        return this;
    }
}
