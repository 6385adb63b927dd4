package io.ossup.compat;

import java.util.regex.Pattern;

/** Where requests go, and how buckets are named there. */
final class Endpoint {
    private static final Pattern ADDRESS = Pattern.compile("\\[.*]|[0-9.]+|localhost");

    private final String scheme;
    private final String authority;
    private final boolean cname;
    private final boolean pathStyle;

    Endpoint(String text, ClientConfiguration configuration) {
        int colon = text.indexOf("://");
        String rest = colon < 0 ? text : text.substring(colon + "://".length());
        scheme = colon < 0 ? configuration.getProtocol().toString() : text.substring(0, colon);
        authority = rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest;
        String host = authority.replaceFirst(":[0-9]*$", "");
        pathStyle = configuration.isSLDEnabled() || ADDRESS.matcher(host).matches();
        cname = configuration.isSupportCname() && !pathStyle && !isExcluded(host, configuration);
    }

    private static boolean isExcluded(String host, ClientConfiguration configuration) {
        return configuration.getCnameExcludeList().stream().anyMatch(host::endsWith);
    }

    boolean isCname() {
        return cname;
    }

    boolean isPathStyle() {
        return pathStyle;
    }

    /** The address of an object. */
    String locate(String bucket, String key) {
        String path = Percent.encode(key).replace("%2F", "/");
        if (cname) {
            return this + "/" + path;
        }
        return pathStyle ? this + "/" + bucket + "/" + path : scheme + "://" + bucket + "." + authority + "/" + path;
    }

    /** With its scheme. */
    @Override
    public String toString() {
        return scheme + "://" + authority;
    }
}
