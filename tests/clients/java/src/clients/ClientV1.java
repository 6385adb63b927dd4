package clients;

import com.aliyun.oss.ClientBuilderConfiguration;
import com.aliyun.oss.HttpMethod;
import com.aliyun.oss.InconsistentException;
import com.aliyun.oss.OSS;
import com.aliyun.oss.OSSClientBuilder;
import com.aliyun.oss.OSSException;
import com.aliyun.oss.common.auth.DefaultCredentialProvider;
import com.aliyun.oss.common.comm.ResponseMessage;
import com.aliyun.oss.common.comm.SignVersion;
import com.aliyun.oss.model.AbortMultipartUploadRequest;
import com.aliyun.oss.model.Callback;
import com.aliyun.oss.model.CompleteMultipartUploadRequest;
import com.aliyun.oss.model.GetObjectRequest;
import com.aliyun.oss.model.InitiateMultipartUploadRequest;
import com.aliyun.oss.model.ListMultipartUploadsRequest;
import com.aliyun.oss.model.ListObjectsV2Request;
import com.aliyun.oss.model.ListObjectsV2Result;
import com.aliyun.oss.model.ListPartsRequest;
import com.aliyun.oss.model.MultipartUploadListing;
import com.aliyun.oss.model.ObjectMetadata;
import com.aliyun.oss.model.PartETag;
import com.aliyun.oss.model.PartListing;
import com.aliyun.oss.model.Payer;
import com.aliyun.oss.model.PutObjectRequest;
import com.aliyun.oss.model.UploadFileRequest;
import com.aliyun.oss.model.UploadPartRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** aliyun-sdk-oss, the seed. */
final class ClientV1 implements Client {
    private static final String META = "x-oss-meta-";

    private final OSS oss;

    ClientV1(String signature, String endpoint, Flavour.Setup setup) {
        ClientBuilderConfiguration config = new ClientBuilderConfiguration();
        config.setSignatureVersion(SignVersion.valueOf(signature));
        config.setSLDEnabled(setup.style() == Flavour.Style.PATH);
        config.setSupportCname(setup.style() == Flavour.Style.CNAME);
        config.setEnableAutoCorrectClockSkew(true);
        // Three, the default, wait four seconds for a server that was told to fail.
        config.setMaxErrorRetry(1);
        if (setup.ca() != null) {
            config.setKeyStore(Trust.storeOf(setup.ca()));
        }
        oss = OSSClientBuilder.create()
                .endpoint(endpoint)
                .region("cn-hangzhou")
                .credentialsProvider(new DefaultCredentialProvider("ak", "sk", setup.token()))
                .clientConfiguration(config)
                .build();
    }

    @Override
    public String put(String key, byte[] data, Map<String, String> headers, Notice notice) throws IOException {
        PutObjectRequest request =
                new PutObjectRequest(StandIn.BUCKET, key, new ByteArrayInputStream(data), metadata(headers));
        request.setCallback(callback(notice));
        return text(oss.putObject(request).getResponse());
    }

    @Override
    public byte[] get(String key) throws IOException {
        try (InputStream content = oss.getObject(StandIn.BUCKET, key).getObjectContent()) {
            return content.readAllBytes();
        }
    }

    @Override
    public byte[] get(String key, long first, long last) throws IOException {
        GetObjectRequest request = new GetObjectRequest(StandIn.BUCKET, key);
        request.setRange(first, last);
        try (InputStream content = oss.getObject(request).getObjectContent()) {
            return content.readAllBytes();
        }
    }

    @Override
    public Map<String, String> head(String key) {
        Map<String, String> headers = new TreeMap<>();
        ObjectMetadata metadata = oss.getObjectMetadata(StandIn.BUCKET, key);
        metadata.getRawMetadata().forEach((name, value) -> headers.put(name.toLowerCase(), value.toString()));
        metadata.getUserMetadata().forEach((name, value) -> headers.put(META + name, value));
        return headers;
    }

    @Override
    public String acl(String key) {
        return oss.getObjectAcl(StandIn.BUCKET, key).getPermission().toString();
    }

    @Override
    public String presignPut(String key) {
        return presign(key, HttpMethod.PUT);
    }

    @Override
    public String presignGet(String key) {
        return presign(key, HttpMethod.GET);
    }

    private String presign(String key, HttpMethod method) {
        Date end = Date.from(Instant.now().plusSeconds(60));
        return oss.generatePresignedUrl(StandIn.BUCKET, key, end, method).toString();
    }

    @Override
    public String initiate(String key, Map<String, String> headers) {
        return oss.initiateMultipartUpload(new InitiateMultipartUploadRequest(StandIn.BUCKET, key, metadata(headers)))
                .getUploadId();
    }

    @Override
    public String uploadPart(String key, String id, int number, byte[] data) {
        UploadPartRequest request =
                new UploadPartRequest(StandIn.BUCKET, key, id, number, new ByteArrayInputStream(data), data.length);
        return oss.uploadPart(request).getETag();
    }

    @Override
    public String complete(
            String key, String id, Map<Integer, String> etags, Map<String, String> headers, Notice notice)
            throws IOException {
        List<PartETag> parts = new ArrayList<>();
        etags.forEach((number, etag) -> parts.add(new PartETag(number, etag)));
        CompleteMultipartUploadRequest request = new CompleteMultipartUploadRequest(StandIn.BUCKET, key, id, parts);
        headers.forEach(request::addHeader);
        request.setCallback(callback(notice));
        return text(oss.completeMultipartUpload(request).getResponse());
    }

    @Override
    public void abort(String key, String id) {
        oss.abortMultipartUpload(new AbortMultipartUploadRequest(StandIn.BUCKET, key, id));
    }

    @Override
    public Pages<Map<Integer, Long>> listParts(String key, String id, int page) {
        Map<Integer, Long> found = new TreeMap<>();
        ListPartsRequest request = new ListPartsRequest(StandIn.BUCKET, key, id);
        request.setMaxParts(page);
        for (int pages = 1; ; pages++) {
            PartListing answer = oss.listParts(request);
            answer.getParts().forEach(part -> found.put(part.getPartNumber(), part.getSize()));
            if (!answer.isTruncated()) {
                return new Pages<>(found, pages);
            }
            request.setPartNumberMarker(answer.getNextPartNumberMarker());
        }
    }

    @Override
    public Pages<Map<String, Long>> listObjects(int page) {
        Map<String, Long> found = new LinkedHashMap<>();
        ListObjectsV2Request request = new ListObjectsV2Request(StandIn.BUCKET).withMaxKeys(page);
        for (int pages = 1; ; pages++) {
            ListObjectsV2Result answer = oss.listObjectsV2(request);
            answer.getObjectSummaries().forEach(object -> found.put(object.getKey(), object.getSize()));
            if (!answer.isTruncated()) {
                return new Pages<>(found, pages);
            }
            request.setContinuationToken(answer.getNextContinuationToken());
        }
    }

    @Override
    public Pages<List<Begun>> listUploads(String prefix, int page) {
        List<Begun> found = new ArrayList<>();
        ListMultipartUploadsRequest request = new ListMultipartUploadsRequest(StandIn.BUCKET);
        request.setPrefix(prefix);
        request.setMaxUploads(page);
        for (int pages = 1; ; pages++) {
            MultipartUploadListing answer = oss.listMultipartUploads(request);
            answer.getMultipartUploads()
                    .forEach(upload -> found.add(new Begun(upload.getKey(), upload.getUploadId())));
            if (!answer.isTruncated()) {
                return new Pages<>(found, pages);
            }
            request.setKeyMarker(answer.getNextKeyMarker());
            request.setUploadIdMarker(answer.getNextUploadIdMarker());
        }
    }

    @Override
    public void uploadFile(
            String key, Path file, long partSize, Path records, Map<String, String> headers, Notice notice)
            throws Exception {
        UploadFileRequest request = new UploadFileRequest(StandIn.BUCKET, key, file.toString(), partSize, 1);
        request.setEnableCheckpoint(true);
        request.setCheckpointFile(records.resolve("upload.ucp").toString());
        Map<String, String> fixed = new TreeMap<>(headers);
        if (fixed.remove("x-oss-request-payer") != null) {
            request.setRequestPayer(Payer.Requester);
        }
        request.setTrafficLimit(Integer.parseInt(fixed.getOrDefault("x-oss-traffic-limit", "0")));
        fixed.remove("x-oss-traffic-limit");
        request.setObjectMetadata(metadata(fixed));
        request.setCallback(callback(notice));
        try {
            oss.uploadFile(request);
        } catch (Exception | Error error) {
            throw error;
        } catch (Throwable error) {
            throw new AssertionError(error);
        }
    }

    @Override
    public String code(Exception error) {
        return error instanceof OSSException refusal ? refusal.getErrorCode() : null;
    }

    @Override
    public boolean isInconsistent(Exception error) {
        return error instanceof InconsistentException;
    }

    @Override
    public boolean sendsTokens() {
        return true;
    }

    @Override
    public boolean tellsAFailedCallback() {
        return true;
    }

    /** For the calls that follow, not for the retries of the one that was refused. */
    @Override
    public boolean correctsItsClock() {
        return true;
    }

    @Override
    public List<String> operationsOfAnEmptyFile() {
        return List.of("InitiateMultipartUpload", "CompleteMultipartUpload");
    }

    @Override
    public List<String> operationsOfASmallFile() {
        return List.of("InitiateMultipartUpload", "UploadPart", "CompleteMultipartUpload");
    }

    @Override
    public List<String> carriedOptions() {
        return List.of(
                "InitiateMultipartUpload forbid-overwrite meta-author object-acl request-payer",
                "UploadPart request-payer traffic-limit",
                "CompleteMultipartUpload callback object-acl request-payer");
    }

    @Override
    public boolean asksForCallbacksOfUploads() {
        return true;
    }

    @Override
    public List<Integer> sentAgainAfterARefusedComplete() {
        return List.of();
    }

    /** Its record is kept when the upload is gone: that file never goes up again. */
    @Override
    public boolean beginsALostUploadAnew() {
        return false;
    }

    /** It never asks twice for Complete. */
    @Override
    public String codeOfALostAnswer() {
        return null;
    }

    @Override
    public void close() {
        oss.shutdown();
    }

    private static ObjectMetadata metadata(Map<String, String> headers) {
        ObjectMetadata metadata = new ObjectMetadata();
        headers.forEach((name, value) -> {
            if (name.startsWith(META)) {
                metadata.addUserMetadata(name.substring(META.length()), value);
            } else {
                metadata.setHeader(name, value);
            }
        });
        return metadata;
    }

    private static Callback callback(Notice notice) {
        if (notice == null) {
            return null;
        }
        Callback callback = new Callback();
        callback.setCallbackUrl(notice.url());
        callback.setCallbackBody(notice.body());
        callback.addCallbackVar("x:who", notice.who());
        return callback;
    }

    /** The body of an answer; only those to a callback are handed out. */
    private static String text(ResponseMessage answer) throws IOException {
        if (answer == null) {
            return null;
        }
        try (InputStream content = answer.getContent()) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
