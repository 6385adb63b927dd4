package io.ossup;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.io.IOException;
import java.util.List;

/** Has providers answer the library's questions for credentials, each on a thread of its own. */
final class Questions {
    private final List<CredentialsProvider> providers;
    private volatile Throwable lastFailure;

    /** A question's tag is the provider's place among them. */
    Questions(List<CredentialsProvider> providers) {
        this.providers = providers;
    }

    /** What a provider threw when it last had no credentials; null when each always had some. */
    Throwable lastFailure() {
        return lastFailure;
    }

    /** Takes the question out of an event, and has it answered. */
    void answer(Pointer event) throws OssUploadException {
        CredentialsProvider provider = providers.get(Math.toIntExact(LibOssup.ossup_event_tag(event)));
        Handle question = Handle.make(
                out -> LibOssup.ossup_event_credentials(event, out), LibOssup::ossup_credentials_request_free);
        try {
            Threads.daemon("ossup-credentials", () -> answer(question, provider)).start();
        } catch (OutOfMemoryError noThread) {
            question.close();
            throw noThread;
        }
    }

    private void answer(Handle question, CredentialsProvider provider) {
        try (Handle asked = question) {
            try {
                give(asked.get(), provider.getCredentials());
            } catch (Throwable thrown) {
                lastFailure = thrown;
                fail(asked.get(), thrown);
            }
        }
    }

    private static void give(Pointer question, OssCredentials credentials) throws OssUploadException {
        PointerByReference error = new PointerByReference();
        int status = LibOssup.ossup_credentials_request_give(
                question,
                Text.toC("the access key's id", credentials.accessKeyId),
                Text.toC("the access key's secret", credentials.accessKeySecret),
                Text.toC("the security token", credentials.securityToken),
                credentials.expires == null ? 0 : credentials.expires.getEpochSecond(),
                error);
        OssUploadException.check(status, error);
    }

    private static void fail(Pointer question, Throwable thrown) {
        boolean temporary = thrown instanceof IOException && !(thrown instanceof OssUploadException);
        byte flag = (byte) (temporary ? 1 : 0);
        try {
            LibOssup.ossup_credentials_request_fail(question, Text.toC("message", thrown.toString()), flag);
        } catch (OssUploadException noText) {
            // Freed without an answer, the question counts as failed all the same.
        }
    }
}
