package clients;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What the cases ask of an official client. Headers go and come as on the wire, names in lower case. */
interface Client extends AutoCloseable, Habits {
    /** The application server's answer to the callback, if one was asked for. */
    String put(String key, byte[] data, Map<String, String> headers, Notice notice) throws Exception;

    byte[] get(String key) throws Exception;

    byte[] get(String key, long first, long last) throws Exception;

    Map<String, String> head(String key);

    String acl(String key);

    /** A URL that lets anybody put or get an object for a while. */
    String presignPut(String key);

    String presignGet(String key);

    String initiate(String key, Map<String, String> headers);

    String uploadPart(String key, String id, int number, byte[] data);

    /** The application server's answer to the callback, if one was asked for. */
    String complete(String key, String id, Map<Integer, String> etags, Map<String, String> headers, Notice notice)
            throws Exception;

    void abort(String key, String id);

    Pages<Map<Integer, Long>> listParts(String key, String id, int page);

    /** All keys of the bucket, with sizes, in the order of their coming. */
    Pages<Map<String, Long>> listObjects(int page);

    Pages<List<Begun>> listUploads(String prefix, int page);

    /** The client's own resumable upload, one part at a time. */
    void uploadFile(String key, Path file, long partSize, Path records, Map<String, String> headers, Notice notice)
            throws Exception;

    /** The code of an error of the service; null for any other error. */
    String code(Exception error);

    boolean isInconsistent(Exception error);

    @Override
    void close();

    /** A callback: where to, the body, and its variable "who". */
    record Notice(String url, String body, String who) {}

    /** What a listing found, and how many pages it took. */
    record Pages<T>(T found, int pages) {}

    /** A multipart upload that is neither completed nor aborted. */
    record Begun(String key, String id) {}

    default void put(String key, String data) throws Exception {
        put(key, data.getBytes(java.nio.charset.StandardCharsets.UTF_8), Map.of(), null);
    }

    default void complete(String key, String id, Map<Integer, String> etags) throws Exception {
        complete(key, id, etags, Map.of(), null);
    }
}
