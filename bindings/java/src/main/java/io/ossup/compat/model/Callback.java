package io.ossup.compat.model;

import java.util.LinkedHashMap;
import java.util.Map;

/** What OSS tells an application server once an object is stored. */
public class Callback {
    /** What the body is. The class's name is spelt as programs have it. */
    public enum CalbackBodyType {
        /** A form: application/x-www-form-urlencoded. */
        URL("application/x-www-form-urlencoded"),
        /** application/json. */
        JSON("application/json");

        private final String mediaType;

        CalbackBodyType(String mediaType) {
            this.mediaType = mediaType;
        }

        /** The media type, as OSS has it. */
        public String mediaType() {
            return mediaType;
        }
    }

    private String callbackUrl;
    private String callbackHost;
    private String callbackBody;
    private CalbackBodyType calbackBodyType;
    private Map<String, String> callbackVar = new LinkedHashMap<>();
    private boolean callbackSNI;

    public String getCallbackUrl() {
        return callbackUrl;
    }

    /** Up to five addresses, separated by semicolons. */
    public void setCallbackUrl(String url) {
        callbackUrl = url;
    }

    public String getCallbackHost() {
        return callbackHost;
    }

    /** The Host header of the request. Default: the address's own. */
    public void setCallbackHost(String host) {
        callbackHost = host;
    }

    public String getCallbackBody() {
        return callbackBody;
    }

    /** What is posted, with OSS's variables: {@code "object=${object}&tag=${x:tag}"}. */
    public void setCallbackBody(String body) {
        callbackBody = body;
    }

    public CalbackBodyType getCalbackBodyType() {
        return calbackBodyType;
    }

    /** What the body is. Default: null, a form. */
    public void setCalbackBodyType(CalbackBodyType type) {
        calbackBodyType = type;
    }

    public Map<String, String> getCallbackVar() {
        return callbackVar;
    }

    /** Variables that the body may use; their names begin with "x:" and have no upper case. */
    public void setCallbackVar(Map<String, String> variables) {
        callbackVar = new LinkedHashMap<>();
        if (variables != null) {
            callbackVar.putAll(variables);
        }
    }

    public void addCallbackVar(String name, String value) {
        callbackVar.put(name, value);
    }

    public boolean hasCallbackVar() {
        return !callbackVar.isEmpty();
    }

    public boolean getCallbackSNI() {
        return callbackSNI;
    }

    /** Whether OSS names the host (SNI) when it calls an HTTPS address. Default: false. */
    public void setCallbackSNI(boolean sni) {
        callbackSNI = sni;
    }
}
