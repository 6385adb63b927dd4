package io.ossup.compat;

import io.ossup.compat.common.comm.Protocol;
import io.ossup.compat.common.comm.SignVersion;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** How a client speaks to OSS. Times are in milliseconds. */
public class ClientConfiguration {
    /** Behind the library's own name. */
    public static final String DEFAULT_USER_AGENT = "";
    /** How often a request is tried again. */
    public static final int DEFAULT_MAX_RETRIES = 7;
    /** How long a connection may take to stand. */
    public static final int DEFAULT_CONNECTION_TIMEOUT = 10 * 1000;
    /** How long a request may stand still. */
    public static final int DEFAULT_SOCKET_TIMEOUT = 30 * 1000;
    /** How many parts are under way at a time. */
    public static final int DEFAULT_MAX_CONNECTIONS = 1024;
    /** The hosts that are OSS's own. */
    public static final String DEFAULT_CNAME_EXCLUDE_LIST = "aliyuncs.com,aliyun-inc.com,aliyun.com";

    /** How long a connection is waited for: for ever, as an upload has its turn. */
    public static final int DEFAULT_CONNECTION_REQUEST_TIMEOUT = -1;
    /** How long a connection is kept that nobody uses. */
    public static final long DEFAULT_IDLE_CONNECTION_TIME = 30 * 1000;

    private static final int NO_PORT = -1;

    private String userAgent = DEFAULT_USER_AGENT;
    private int maxErrorRetry = DEFAULT_MAX_RETRIES;
    private int connectionTimeout = DEFAULT_CONNECTION_TIMEOUT;
    private int socketTimeout = DEFAULT_SOCKET_TIMEOUT;
    private int maxConnections = DEFAULT_MAX_CONNECTIONS;
    private Protocol protocol = Protocol.HTTPS;
    private SignVersion signatureVersion;
    private String proxyHost;
    private int proxyPort = NO_PORT;
    private String proxyUsername;
    private String proxyPassword;
    private boolean supportCname = true;
    private List<String> cnameExcludeList = new ArrayList<>(Arrays.asList(DEFAULT_CNAME_EXCLUDE_LIST.split(",")));
    private boolean sldEnabled;
    private boolean verifySSLEnable = true;
    private KeyStore keyStore;
    private int connectionRequestTimeout = DEFAULT_CONNECTION_REQUEST_TIMEOUT;
    private long idleConnectionTime = DEFAULT_IDLE_CONNECTION_TIME;
    private boolean crcCheckEnabled = true;
    private boolean redirectEnable = true;
    private boolean enableAutoCorrectClockSkew = true;

    public String getUserAgent() {
        return userAgent;
    }

    /** What the User-Agent says behind the library's own name, in visible ASCII. Default: nothing. */
    public void setUserAgent(String text) {
        userAgent = text;
    }

    public int getMaxErrorRetry() {
        return maxErrorRetry;
    }

    /** How often a request is tried again, with growing random delays of up to 30 s between. Default: 7. */
    public void setMaxErrorRetry(int retries) {
        maxErrorRetry = retries;
    }

    public int getConnectionTimeout() {
        return connectionTimeout;
    }

    /** How long a connection may take to stand: name, TCP, proxy and TLS together. Default: 10000; at least 1. */
    public void setConnectionTimeout(int milliseconds) {
        connectionTimeout = milliseconds;
    }

    public int getSocketTimeout() {
        return socketTimeout;
    }

    /** How long a request may stand still before it is tried again. Default: 30000; at least 1. */
    public void setSocketTimeout(int milliseconds) {
        socketTimeout = milliseconds;
    }

    public int getMaxConnections() {
        return maxConnections;
    }

    /** How many parts may be under way at a time, of all uploads of the client together. Default: 1024; 0 is no bound. */
    public void setMaxConnections(int connections) {
        maxConnections = connections;
    }

    public Protocol getProtocol() {
        return protocol;
    }

    /** How an endpoint without "http://" or "https://" is spoken to. Default: HTTPS. */
    public void setProtocol(Protocol protocol) {
        this.protocol = protocol;
    }

    public SignVersion getSignatureVersion() {
        return signatureVersion;
    }

    /** How requests are signed. Default: null, which is version 4 where the region is known and version 1 elsewhere. */
    public void setSignatureVersion(SignVersion version) {
        signatureVersion = version;
    }

    public String getProxyHost() {
        return proxyHost;
    }

    /** The proxy's host. Default: null, which leaves the proxy to the environment. */
    public void setProxyHost(String host) {
        proxyHost = host;
    }

    public int getProxyPort() {
        return proxyPort;
    }

    /** The proxy's port. Default: 80. */
    public void setProxyPort(int port) {
        proxyPort = port;
    }

    public String getProxyUsername() {
        return proxyUsername;
    }

    public void setProxyUsername(String name) {
        proxyUsername = name;
    }

    public String getProxyPassword() {
        return proxyPassword;
    }

    public void setProxyPassword(String password) {
        proxyPassword = password;
    }

    public boolean isSupportCname() {
        return supportCname;
    }

    /**
     * Whether an endpoint that is none of OSS's own is a domain of the bucket's own. Default: true; of a
     * {@link ClientBuilderConfiguration}: false.
     */
    public ClientConfiguration setSupportCname(boolean support) {
        supportCname = support;
        return this;
    }

    public List<String> getCnameExcludeList() {
        return Collections.unmodifiableList(cnameExcludeList);
    }

    /** Which hosts are no bucket's own, with all below them, besides OSS's. */
    public void setCnameExcludeList(List<String> hosts) {
        List<String> all = new ArrayList<>(hosts);
        all.addAll(Arrays.asList(DEFAULT_CNAME_EXCLUDE_LIST.split(",")));
        cnameExcludeList = all;
    }

    public boolean isSLDEnabled() {
        return sldEnabled;
    }

    /** Whether the bucket goes into the path instead of the host. Default: false. OSS's own endpoints refuse it. */
    public ClientConfiguration setSLDEnabled(boolean enable) {
        sldEnabled = enable;
        return this;
    }

    public boolean isVerifySSLEnable() {
        return verifySSLEnable;
    }

    /** False accepts any certificate: whoever sits on the way can read and change everything. Default: true. */
    public void setVerifySSLEnable(boolean verify) {
        verifySSLEnable = verify;
    }

    public KeyStore getKeyStore() {
        return keyStore;
    }

    /** The certificates that are trusted, in place of the operating system's. Default: null. */
    public void setKeyStore(KeyStore store) {
        keyStore = store;
    }

    public int getConnectionRequestTimeout() {
        return connectionRequestTimeout;
    }

    /** Has no effect: an upload waits for its turn. */
    public void setConnectionRequestTimeout(int milliseconds) {
        connectionRequestTimeout = milliseconds;
    }

    public long getIdleConnectionTime() {
        return idleConnectionTime;
    }

    /** Has no effect: a connection that nobody uses is kept for 30 seconds. */
    public void setIdleConnectionTime(long milliseconds) {
        idleConnectionTime = milliseconds;
    }

    public boolean isCrcCheckEnabled() {
        return crcCheckEnabled;
    }

    /** Has no effect: what arrives is always checked. */
    public void setCrcCheckEnabled(boolean enable) {
        crcCheckEnabled = enable;
    }

    public boolean isRedirectEnable() {
        return redirectEnable;
    }

    /** Has no effect: redirects are never followed, as they would carry a signature to another host. */
    public void setRedirectEnable(boolean enable) {
        redirectEnable = enable;
    }

    public boolean isEnableAutoCorrectClockSkew() {
        return enableAutoCorrectClockSkew;
    }

    /** Has no effect: the server's clock always counts. */
    public void setEnableAutoCorrectClockSkew(boolean enable) {
        enableAutoCorrectClockSkew = enable;
    }
}
