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
        scheme = colon < 0 ? configuration.getProtocol().toString() : text.substring(0, colon);
        authority = colon < 0 ? text : text.substring(colon + "://".length());
        String host = authority.replaceAll(":[0-9]*/?$|/$", "");
        boolean isAddress = ADDRESS.matcher(host).matches();
        pathStyle = configuration.isSLDEnabled() || isAddress;
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
        String place = authority.replaceAll("/$", "");
        if (cname) {
            return scheme + "://" + place + "/" + path;
        }
        return scheme + "://" + (pathStyle ? place + "/" + bucket : bucket + "." + place) + "/" + path;
    }

    /** With its scheme. */
    @Override
    public String toString() {
        return scheme + "://" + authority;
    }
}
