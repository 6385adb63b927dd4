import io.ossup.OssStatus;
import io.ossup.OssUploadClient;
import io.ossup.OssUploadConfig;
import io.ossup.OssUploadException;
import io.ossup.UploadRequest;
import java.time.Duration;

/** Says what went wrong: to a person, to a program and to OSS's support. */
final class Errors {
    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 5) {
            System.err.println("usage: Errors ENDPOINT REGION BUCKET KEY FILE");
            System.exit(2);
        }
        // Nobody watches: outages of hours are waited for.
        OssUploadConfig config =
                new OssUploadConfig().endpoint(arguments[0]).region(arguments[1]).maxElapsed(Duration.ofHours(24));
        try (OssUploadClient client = new OssUploadClient(config)) {
            client.upload(new UploadRequest(arguments[2], arguments[3], arguments[4]).enableCheckpoint(true));
        } catch (OssUploadException failure) {
            System.out.println(failure.getMessage());
            System.out.println(failure.status() == OssStatus.ACCESS_DENIED ? "give this key the permission" : "");
            System.out.println(failure.isTemporary() ? "try again later" : "trying again will not help");
            System.out.println("OSS's support asks for " + failure.requestId() + " and " + failure.ec());
            System.exit(1);
        }
    }
}
