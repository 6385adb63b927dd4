package io.ossup.compat.model;

import java.io.UnsupportedEncodingException;
import java.net.URLEncoder;
import java.text.DateFormat;
import java.text.ParseException;
import java.text.SimpleDateFormat;
import java.util.Collections;
import java.util.Date;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TimeZone;
import java.util.TreeMap;

/**
 * What an object is to be: its headers, whose names have no case, and what the user says of it.
 *
 * <p>It is for uploads: nothing is read from OSS into it. Content-Length and Last-Modified are OSS's to say, and are not sent; an
 * upload with a Content-MD5 is refused, as every part's bytes are checked anyway.
 */
public class ObjectMetadata {
    /** The server-side encryption by OSS's own keys. */
    public static final String AES_256_SERVER_SIDE_ENCRYPTION = "AES256";
    /** The server-side encryption by keys of KMS. */
    public static final String KMS_SERVER_SIDE_ENCRYPTION = "KMS";

    private static final String CONTENT_TYPE = "Content-Type";
    private static final String CONTENT_LENGTH = "Content-Length";
    private static final String CONTENT_MD5 = "Content-MD5";
    private static final String CONTENT_ENCODING = "Content-Encoding";
    private static final String CONTENT_DISPOSITION = "Content-Disposition";
    private static final String CACHE_CONTROL = "Cache-Control";
    private static final String EXPIRES = "Expires";
    private static final String LAST_MODIFIED = "Last-Modified";
    private static final String ACL = "x-oss-object-acl";
    private static final String STORAGE_CLASS = "x-oss-storage-class";
    private static final String TAGGING = "x-oss-tagging";
    private static final String ENCRYPTION = "x-oss-server-side-encryption";
    private static final String ENCRYPTION_KEY_ID = "x-oss-server-side-encryption-key-id";
    private static final String DATA_ENCRYPTION = "x-oss-server-side-data-encryption";

    private final Map<String, Object> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final Map<String, String> userMetadata = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    public Map<String, String> getUserMetadata() {
        return userMetadata;
    }

    public void setUserMetadata(Map<String, String> metadata) {
        userMetadata.clear();
        if (metadata != null) {
            userMetadata.putAll(metadata);
        }
    }

    /** Names are of letters, digits and hyphens, values of visible ASCII. */
    public void addUserMetadata(String name, String value) {
        userMetadata.put(name, value);
    }

    /** All headers, as they were set. */
    public Map<String, Object> getRawMetadata() {
        return Collections.unmodifiableMap(headers);
    }

    /** Any header. One that is null is none. */
    public void setHeader(String name, Object value) {
        if (value == null) {
            headers.remove(name);
        } else {
            headers.put(name, value);
        }
    }

    public void removeHeader(String name) {
        headers.remove(name);
    }

    public String getContentType() {
        return text(CONTENT_TYPE);
    }

    /** The object's media type. Default: by the ending of the file's name. */
    public void setContentType(String type) {
        setHeader(CONTENT_TYPE, type);
    }

    public String getContentEncoding() {
        return text(CONTENT_ENCODING);
    }

    /** How the file's bytes are encoded, such as "gzip"; they are sent as they are. */
    public void setContentEncoding(String encoding) {
        setHeader(CONTENT_ENCODING, encoding);
    }

    public String getContentDisposition() {
        return text(CONTENT_DISPOSITION);
    }

    /** How the object is to be shown or saved. */
    public void setContentDisposition(String disposition) {
        setHeader(CONTENT_DISPOSITION, disposition);
    }

    public String getCacheControl() {
        return text(CACHE_CONTROL);
    }

    /** How long the object may be kept in caches. */
    public void setCacheControl(String control) {
        setHeader(CACHE_CONTROL, control);
    }

    public long getContentLength() {
        Object length = headers.get(CONTENT_LENGTH);
        return length == null ? 0 : Long.parseLong(length.toString());
    }

    /** Is not sent: an object is as long as its file. */
    public void setContentLength(long length) {
        setHeader(CONTENT_LENGTH, length);
    }

    public String getContentMD5() {
        return text(CONTENT_MD5);
    }

    /** Has the upload be refused: what arrives is checked part by part, with another sum. */
    public void setContentMD5(String md5) {
        setHeader(CONTENT_MD5, md5);
    }

    public Date getExpirationTime() throws ParseException {
        String date = getRawExpiresValue();
        return date == null ? null : httpDate().parse(date);
    }

    public String getRawExpiresValue() {
        return text(EXPIRES);
    }

    /** When cached copies become stale. */
    public void setExpirationTime(Date date) {
        setHeader(EXPIRES, date == null ? null : httpDate().format(date));
    }

    public Date getLastModified() {
        return (Date) headers.get(LAST_MODIFIED);
    }

    /** Is not sent: an object is as old as OSS says. */
    public void setLastModified(Date date) {
        setHeader(LAST_MODIFIED, date);
    }

    /** Who may read and write the object. */
    public void setObjectAcl(CannedAccessControlList acl) {
        setHeader(ACL, acl == null ? null : acl.toString());
    }

    /** How the object is stored and billed, as {@link #setHeader} was told. */
    public StorageClass getObjectStorageClass() {
        Object storage = headers.get(STORAGE_CLASS);
        return storage == null ? StorageClass.Standard : StorageClass.parse(storage.toString());
    }

    /**
     * Tags of the object, at most ten.
     *
     * @throws IllegalArgumentException when a key or a value is empty
     */
    public void setObjectTagging(Map<String, String> tags) {
        if (tags == null || tags.isEmpty()) {
            return;
        }
        StringJoiner tagging = new StringJoiner("&");
        tags.forEach((key, value) -> tagging.add(encoded(key) + "=" + encoded(value)));
        setHeader(TAGGING, tagging.toString());
    }

    public String getServerSideEncryption() {
        return text(ENCRYPTION);
    }

    /** How OSS encrypts the object: "AES256", "KMS" or "SM4". */
    public void setServerSideEncryption(String method) {
        setHeader(ENCRYPTION, method);
    }

    public String getServerSideEncryptionKeyId() {
        return text(ENCRYPTION_KEY_ID);
    }

    /** The id of the key that encrypts the object, with "KMS" alone. */
    public void setServerSideEncryptionKeyId(String id) {
        setHeader(ENCRYPTION_KEY_ID, id);
    }

    public String getServerSideDataEncryption() {
        return text(DATA_ENCRYPTION);
    }

    /** The algorithm of the encryption, with "KMS" alone: "SM4". */
    public void setServerSideDataEncryption(String algorithm) {
        setHeader(DATA_ENCRYPTION, algorithm);
    }

    private String text(String name) {
        Object value = headers.get(name);
        return value == null ? null : value.toString();
    }

    private static String encoded(String text) {
        if (text == null || text.isEmpty()) {
            throw new IllegalArgumentException("tagging: a key or a value is empty");
        }
        try {
            return URLEncoder.encode(text, "UTF-8").replace("+", "%20");
        } catch (UnsupportedEncodingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static DateFormat httpDate() {
        DateFormat format = new SimpleDateFormat("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US);
        format.setTimeZone(TimeZone.getTimeZone("GMT"));
        return format;
    }
}
