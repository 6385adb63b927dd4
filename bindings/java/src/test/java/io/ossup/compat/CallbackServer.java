package io.ossup.compat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An application server, which OSS calls. */
final class CallbackServer implements AutoCloseable {
    static final String ANSWER = "{\"Status\":\"OK\"}";

    private final HttpServer server;
    private final List<String> heard = new CopyOnWriteArrayList<>();
    final String url;

    CallbackServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            heard.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] answer = ANSWER.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    /** A callback to here, as OSS's documentation writes one. */
    String json(String body) {
        return "{\"callbackUrl\":\"" + url + "\", \"callbackBody\":\"" + body + "\"}";
    }

    /** The bodies that were posted. */
    List<String> heard() {
        return heard;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
