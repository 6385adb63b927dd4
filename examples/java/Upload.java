import io.ossup.OssUploadClient;
import io.ossup.OssUploadConfig;
import io.ossup.UploadRequest;
import io.ossup.UploadResult;

/** Uploads a file and waits for it. Run again after a crash, it goes on where it stopped. */
final class Upload {
    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 5) {
            System.err.println("usage: Upload ENDPOINT REGION BUCKET KEY FILE");
            System.exit(2);
        }
        // The access key is the environment's: OSS_ACCESS_KEY_ID, OSS_ACCESS_KEY_SECRET.
        OssUploadConfig config = new OssUploadConfig().endpoint(arguments[0]).region(arguments[1]);
        try (OssUploadClient client = new OssUploadClient(config)) {
            UploadRequest request = new UploadRequest(arguments[2], arguments[3], arguments[4])
                    .taskNum(4) // parts at a time
                    .partSize(0) // chosen for the file
                    .enableCheckpoint(true); // the same call goes on after a crash
            UploadResult result = client.upload(request);
            System.out.println(result.etag() + (result.isResumed() ? ", gone on with" : ""));
        }
    }
}
