package clients;

import com.aliyun.sdk.service.oss2.OSSClient;
import com.aliyun.sdk.service.oss2.OSSClientBuilder;
import com.aliyun.sdk.service.oss2.credentials.StaticCredentialsProvider;
import com.aliyun.sdk.service.oss2.exceptions.InconsistentException;
import com.aliyun.sdk.service.oss2.exceptions.ServiceException;
import com.aliyun.sdk.service.oss2.models.AbortMultipartUploadRequest;
import com.aliyun.sdk.service.oss2.models.CompleteMultipartUpload;
import com.aliyun.sdk.service.oss2.models.CompleteMultipartUploadRequest;
import com.aliyun.sdk.service.oss2.models.GetObjectAclRequest;
import com.aliyun.sdk.service.oss2.models.GetObjectRequest;
import com.aliyun.sdk.service.oss2.models.GetObjectResult;
import com.aliyun.sdk.service.oss2.models.HeadObjectRequest;
import com.aliyun.sdk.service.oss2.models.InitiateMultipartUploadRequest;
import com.aliyun.sdk.service.oss2.models.ListMultipartUploadsRequest;
import com.aliyun.sdk.service.oss2.models.ListMultipartUploadsResult;
import com.aliyun.sdk.service.oss2.models.ListObjectsV2Request;
import com.aliyun.sdk.service.oss2.models.ListObjectsV2Result;
import com.aliyun.sdk.service.oss2.models.ListPartsRequest;
import com.aliyun.sdk.service.oss2.models.ListPartsResult;
import com.aliyun.sdk.service.oss2.models.Part;
import com.aliyun.sdk.service.oss2.models.PutObjectRequest;
import com.aliyun.sdk.service.oss2.models.UploadPartRequest;
import com.aliyun.sdk.service.oss2.transfermanager.Uploader;
import com.aliyun.sdk.service.oss2.transfermanager.UploaderOptions;
import com.aliyun.sdk.service.oss2.transport.BinaryData;
import com.aliyun.sdk.service.oss2.transport.HttpClientOptions;
import com.aliyun.sdk.service.oss2.transport.apache5client.Apache5HttpClientBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** alibabacloud-oss-v2. */
final class ClientV2 implements Client {
    private final String signature;
    private final OSSClient oss;

    ClientV2(String signature, String endpoint, Flavour.Setup setup) {
        this.signature = signature;
        OSSClientBuilder builder = OSSClient.newBuilder()
                .endpoint(endpoint)
                .region("cn-hangzhou")
                .signatureVersion(signature)
                .usePathStyle(setup.style() == Flavour.Style.PATH)
                .useCName(setup.style() == Flavour.Style.CNAME)
                .credentialsProvider(new StaticCredentialsProvider("ak", "sk", setup.token()));
        if (setup.ca() != null) {
            builder.httpClient(Apache5HttpClientBuilder.create()
                    .options(HttpClientOptions.custom().build())
                    .keyStore(Trust.storeOf(setup.ca()))
                    .build());
        }
        oss = builder.build();
    }

    @Override
    public String put(String key, byte[] data, Map<String, String> headers, Notice notice) {
        return oss.putObject(PutObjectRequest.newBuilder()
                        .bucket(StandIn.BUCKET)
                        .key(key)
                        .headers(headers)
                        .headers(callback(notice))
                        .body(BinaryData.fromBytes(data))
                        .build())
                .callbackResult();
    }

    @Override
    public byte[] get(String key) throws Exception {
        return get(GetObjectRequest.newBuilder().bucket(StandIn.BUCKET).key(key).build());
    }

    @Override
    public byte[] get(String key, long first, long last) throws Exception {
        String range = "bytes=" + first + "-" + last;
        return get(GetObjectRequest.newBuilder()
                .bucket(StandIn.BUCKET)
                .key(key)
                .range(range)
                .build());
    }

    private byte[] get(GetObjectRequest request) throws Exception {
        try (GetObjectResult answer = oss.getObject(request)) {
            return answer.body().readAllBytes();
        }
    }

    @Override
    public Map<String, String> head(String key) {
        Map<String, String> headers = new TreeMap<>();
        oss.headObject(HeadObjectRequest.newBuilder().bucket(StandIn.BUCKET).key(key).build())
                .headers()
                .forEach((name, value) -> headers.put(name.toLowerCase(), value));
        return headers;
    }

    @Override
    public String acl(String key) {
        return oss.getObjectAcl(GetObjectAclRequest.newBuilder()
                        .bucket(StandIn.BUCKET)
                        .key(key)
                        .build())
                .accessControlPolicy()
                .accessControlList()
                .grant();
    }

    @Override
    public String presignPut(String key) {
        return oss.presign(PutObjectRequest.newBuilder()
                        .bucket(StandIn.BUCKET)
                        .key(key)
                        .build())
                .url();
    }

    @Override
    public String presignGet(String key) {
        return oss.presign(GetObjectRequest.newBuilder()
                        .bucket(StandIn.BUCKET)
                        .key(key)
                        .build())
                .url();
    }

    @Override
    public String initiate(String key, Map<String, String> headers) {
        return oss.initiateMultipartUpload(InitiateMultipartUploadRequest.newBuilder()
                        .bucket(StandIn.BUCKET)
                        .key(key)
                        .headers(headers)
                        .build())
                .initiateMultipartUpload()
                .uploadId();
    }

    @Override
    public String uploadPart(String key, String id, int number, byte[] data) {
        return oss.uploadPart(UploadPartRequest.newBuilder()
                        .bucket(StandIn.BUCKET)
                        .key(key)
                        .uploadId(id)
                        .partNumber((long) number)
                        .body(BinaryData.fromBytes(data))
                        .build())
                .eTag();
    }

    @Override
    public String complete(
            String key, String id, Map<Integer, String> etags, Map<String, String> headers, Notice notice) {
        List<Part> parts = new ArrayList<>();
        etags.forEach((number, etag) ->
                parts.add(Part.newBuilder().partNumber((long) number).eTag(etag).build()));
        return oss.completeMultipartUpload(CompleteMultipartUploadRequest.newBuilder()
                        .bucket(StandIn.BUCKET)
                        .key(key)
                        .uploadId(id)
                        .headers(headers)
                        .headers(callback(notice))
                        .completeMultipartUpload(
                                CompleteMultipartUpload.newBuilder().parts(parts).build())
                        .build())
                .callbackResult();
    }

    @Override
    public void abort(String key, String id) {
        oss.abortMultipartUpload(AbortMultipartUploadRequest.newBuilder()
                .bucket(StandIn.BUCKET)
                .key(key)
                .uploadId(id)
                .build());
    }

    @Override
    public Pages<Map<Integer, Long>> listParts(String key, String id, int page) {
        Map<Integer, Long> found = new TreeMap<>();
        int pages = 0;
        for (ListPartsResult answer : oss.listPartsPaginator(ListPartsRequest.newBuilder()
                .bucket(StandIn.BUCKET)
                .key(key)
                .uploadId(id)
                .maxParts((long) page)
                .build())) {
            answer.parts().forEach(part -> found.put(part.partNumber().intValue(), part.size()));
            pages++;
        }
        return new Pages<>(found, pages);
    }

    @Override
    public Pages<Map<String, Long>> listObjects(int page) {
        Map<String, Long> found = new LinkedHashMap<>();
        int pages = 0;
        for (ListObjectsV2Result answer : oss.listObjectsV2Paginator(ListObjectsV2Request.newBuilder()
                .bucket(StandIn.BUCKET)
                .maxKeys((long) page)
                .build())) {
            answer.contents().forEach(object -> found.put(object.key(), object.size()));
            pages++;
        }
        return new Pages<>(found, pages);
    }

    @Override
    public Pages<List<Begun>> listUploads(String prefix, int page) {
        List<Begun> found = new ArrayList<>();
        int pages = 0;
        for (ListMultipartUploadsResult answer :
                oss.listMultipartUploadsPaginator(ListMultipartUploadsRequest.newBuilder()
                        .bucket(StandIn.BUCKET)
                        .prefix(prefix)
                        .maxUploads((long) page)
                        .build())) {
            answer.uploads().forEach(upload -> found.add(new Begun(upload.key(), upload.uploadId())));
            pages++;
        }
        return new Pages<>(found, pages);
    }

    @Override
    public void uploadFile(
            String key, Path file, long partSize, Path records, Map<String, String> headers, Notice notice)
            throws Exception {
        UploaderOptions options = UploaderOptions.newBuilder()
                .partSize(partSize)
                .parallelNum(1)
                .enableCheckpoint(true)
                .checkpointDir(records.toString())
                .build();
        PutObjectRequest request = PutObjectRequest.newBuilder()
                .bucket(StandIn.BUCKET)
                .key(key)
                .headers(headers)
                .headers(callback(notice))
                .build();
        new Uploader(oss, options).uploadFile(request, file.toString());
    }

    @Override
    public String code(Exception error) {
        ServiceException refusal = cause(error, ServiceException.class);
        return refusal == null ? null : refusal.errorCode();
    }

    @Override
    public boolean isInconsistent(Exception error) {
        return cause(error, InconsistentException.class) != null;
    }

    /** Its V1 signer puts the token under a header name that the service does not know. */
    @Override
    public boolean sendsTokens() {
        return signature.equals("v4");
    }

    /** To it 203 is success. */
    @Override
    public boolean tellsAFailedCallback() {
        return false;
    }

    @Override
    public boolean correctsItsClock() {
        return false;
    }

    @Override
    public List<String> operationsOfAnEmptyFile() {
        return List.of("PutObject");
    }

    @Override
    public List<String> operationsOfASmallFile() {
        return List.of("PutObject");
    }

    /** All goes with Initiate, where callback and traffic limit have no effect. */
    @Override
    public List<String> carriedOptions() {
        return List.of(
                "InitiateMultipartUpload callback forbid-overwrite meta-author object-acl request-payer traffic-limit",
                "UploadPart request-payer",
                "CompleteMultipartUpload object-acl request-payer");
    }

    @Override
    public boolean asksForCallbacksOfUploads() {
        return false;
    }

    /** A last part that is shorter than the others. */
    @Override
    public List<Integer> sentAgainAfterARefusedComplete() {
        return List.of(ResumingCases.PARTS);
    }

    @Override
    public boolean beginsALostUploadAnew() {
        return true;
    }

    /** It asks again and takes the second answer for the truth. */
    @Override
    public String codeOfALostAnswer() {
        return "NoSuchUpload";
    }

    @Override
    public void close() {
        try {
            oss.close();
        } catch (Exception error) {
            throw new AssertionError(error);
        }
    }

    private static <T> T cause(Throwable error, Class<T> kind) {
        while (error != null && !kind.isInstance(error)) {
            error = error.getCause();
        }
        return kind.cast(error);
    }

    private static Map<String, String> callback(Notice notice) {
        if (notice == null) {
            return Map.of();
        }
        return Map.of(
                "x-oss-callback",
                encoded(Map.of("callbackUrl", notice.url(), "callbackBody", notice.body())),
                "x-oss-callback-var",
                encoded(Map.of("x:who", notice.who())));
    }

    private static String encoded(Map<String, String> value) {
        return Base64.getEncoder().encodeToString(Json.write(value).getBytes(StandardCharsets.UTF_8));
    }
}
