package io.ossup.compat.seed;

import io.ossup.compat.OSS;
import io.ossup.compat.OSSClientBuilder;
import io.ossup.compat.model.CannedAccessControlList;
import io.ossup.compat.model.ObjectMetadata;
import io.ossup.compat.model.UploadFileRequest;

/**
 * The program by which OSS's documentation shows uploadFile, statement by statement; what it has commented out is commented
 * out. Nothing but the imports is another.
 */
public class SeedPage {
    public static void main(String[] args) throws Throwable {
        String endpoint = "https://oss-cn-hangzhou.aliyuncs.com";
        String accessKeyId = "<yourAccessKeyId>";
        String accessKeySecret = "<yourAccessKeySecret>";

        OSS ossClient = new OSSClientBuilder().build(endpoint, accessKeyId, accessKeySecret);

        ObjectMetadata meta = new ObjectMetadata();
        meta.setContentType("text/plain");

        // meta.setObjectAcl(CannedAccessControlList.Private);

        UploadFileRequest uploadFileRequest = new UploadFileRequest("<yourBucketName>","<yourObjectName>");

        //uploadFileRequest.setBucketName("<yourBucketName>");
        //uploadFileRequest.setKey("<yourObjectName>");
        uploadFileRequest.setUploadFile("<yourLocalFile>");
        uploadFileRequest.setTaskNum(5);
        uploadFileRequest.setPartSize(1 * 1024 * 1024);
        uploadFileRequest.setEnableCheckpoint(true);
        uploadFileRequest.setCheckpointFile("<yourCheckpointFile>");
        uploadFileRequest.setObjectMetadata(meta);
        uploadFileRequest.setCallback("<yourCallbackEvent>");

        ossClient.uploadFile(uploadFileRequest);

        ossClient.shutdown();
    }
}
