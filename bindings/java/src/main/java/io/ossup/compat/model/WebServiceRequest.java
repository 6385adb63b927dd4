package io.ossup.compat.model;

import io.ossup.compat.event.ProgressListener;
import java.util.LinkedHashMap;
import java.util.Map;

/** What every request has. */
public abstract class WebServiceRequest {
    private ProgressListener progressListener = ProgressListener.NOOP;
    private Map<String, String> headers = new LinkedHashMap<>();

    public ProgressListener getProgressListener() {
        return progressListener;
    }

    /** Who is told how far the upload is; null for nobody. */
    public void setProgressListener(ProgressListener listener) {
        progressListener = listener == null ? ProgressListener.NOOP : listener;
    }

    @SuppressWarnings("unchecked")
    public <T extends WebServiceRequest> T withProgressListener(ProgressListener listener) {
        setProgressListener(listener);
        return (T) this;
    }

    public Map<String, String> getHeaders() {
        return headers;
    }

    /** Headers of the upload, each for the calls that carry it. They win over those of the metadata. */
    public void setHeaders(Map<String, String> headers) {
        this.headers = headers;
    }

    public void addHeader(String name, String value) {
        headers.put(name, value);
    }
}
