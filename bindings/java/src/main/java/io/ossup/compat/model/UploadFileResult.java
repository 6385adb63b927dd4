package io.ossup.compat.model;

/** What an upload did. */
public class UploadFileResult {
    private CompleteMultipartUploadResult multipartUploadResult;

    public CompleteMultipartUploadResult getMultipartUploadResult() {
        return multipartUploadResult;
    }

    public void setMultipartUploadResult(CompleteMultipartUploadResult result) {
        multipartUploadResult = result;
    }
}
