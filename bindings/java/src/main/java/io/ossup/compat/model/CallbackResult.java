package io.ossup.compat.model;

import java.io.InputStream;

/** What may have an application server's answer. */
public interface CallbackResult {
    /** What the application server answered to OSS's callback; null when it was not asked or nothing is known. */
    InputStream getCallbackResponseBody();

    void setCallbackResponseBody(InputStream body);
}
