package peers;

import com.aliyun.sdk.service.oss2.OSSClient;
import com.aliyun.sdk.service.oss2.OSSClientBuilder;
import com.aliyun.sdk.service.oss2.credentials.EnvironmentVariableCredentialsProvider;
import com.aliyun.sdk.service.oss2.models.PutObjectRequest;
import com.aliyun.sdk.service.oss2.transfermanager.Uploader;
import com.aliyun.sdk.service.oss2.transfermanager.UploaderOptions;
import com.aliyun.sdk.service.oss2.transport.HttpClientOptions;
import com.aliyun.sdk.service.oss2.transport.apache5client.Apache5HttpClientBuilder;

/** Uploads by the Java SDK v2: its uploader, or putObject for each of many. */
final class UploadV2 {
    private UploadV2() {}

    public static void main(String[] words) throws Exception {
        Job job = Job.read(words);
        try (OSSClient oss = open(job)) {
            if (job.many()) {
                job.forEachFile(
                        file -> oss.putObjectFromFile(request(job, file.getFileName().toString()), file));
            } else {
                new Uploader(oss, options(job)).uploadFile(request(job, job.key()), job.path().toString());
            }
        }
    }

    private static PutObjectRequest request(Job job, String key) {
        return PutObjectRequest.newBuilder().bucket(job.bucket()).key(key).build();
    }

    private static UploaderOptions options(Job job) {
        UploaderOptions.Builder options =
                UploaderOptions.newBuilder().partSize(job.partSize()).parallelNum(job.taskNum());
        if (job.records() != null) {
            options.enableCheckpoint(true).checkpointDir(job.records().toString());
        }
        return options.build();
    }

    private static OSSClient open(Job job) {
        OSSClientBuilder builder = OSSClient.newBuilder()
                .endpoint(job.endpoint())
                .region("cn-hangzhou")
                .usePathStyle(true)
                .credentialsProvider(new EnvironmentVariableCredentialsProvider());
        if (job.trusted() != null) {
            builder.httpClient(Apache5HttpClientBuilder.create()
                    .options(HttpClientOptions.custom().build())
                    .keyStore(job.trusted())
                    .build());
        }
        return builder.build();
    }
}
