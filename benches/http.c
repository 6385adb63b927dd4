#define _XOPEN_SOURCE 700

#include "http.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#ifndef MSG_MORE
#define MSG_MORE 0
#endif

void fail(const char *message, const char *detail)
{
    fprintf(stderr, "%s: %s\n", message, detail);
    exit(1);
}

int http_connect(const char *endpoint)
{
    char host[256], port[8];
    struct addrinfo wanted = {.ai_socktype = SOCK_STREAM}, *found;
    if (sscanf(endpoint, "http://%255[^:/]:%7[0-9]", host, port) != 2) fail("no http://HOST:PORT", endpoint);
    if (getaddrinfo(host, port, &wanted, &found) != 0) fail("unknown host", host);
    int connection = socket(found->ai_family, found->ai_socktype, found->ai_protocol), on = 1;
    if (connection < 0 || connect(connection, found->ai_addr, found->ai_addrlen) != 0) fail("connect", strerror(errno));
    setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    freeaddrinfo(found);
    return connection;
}

void http_send(int connection, const void *bytes, size_t length, int more)
{
    const char *at = bytes;
    while (length > 0) {
        ssize_t sent = send(connection, at, length, MSG_NOSIGNAL | (more ? MSG_MORE : 0));
        if (sent < 0) fail("send", strerror(errno));
        at += sent;
        length -= (size_t)sent;
    }
}

/* Reads on, and keeps the text terminated. */
static size_t receive(int connection, struct answer *answer, size_t filled)
{
    size_t room = answer->room - 1 - filled;
    ssize_t count = recv(connection, answer->text + filled, room, 0);
    if (count < 0) fail("recv", strerror(errno));
    if (count == 0) fail("recv", room == 0 ? "the answer is too long" : "the connection ended");
    filled += (size_t)count;
    answer->text[filled] = '\0';
    return filled;
}

void http_answer(int connection, struct answer *answer)
{
    static const char END_OF_HEAD[] = "\r\n\r\n";
    char length[24];
    size_t filled = 0;
    answer->text[0] = '\0';
    do filled = receive(connection, answer, filled);
    while ((answer->body = strstr(answer->text, END_OF_HEAD)) == NULL);
    answer->body += strlen(END_OF_HEAD);
    if (sscanf(answer->text, "HTTP/1.1 %d", &answer->status) != 1) fail("no HTTP/1.1 answer", answer->text);
    http_header(answer, "content-length:", length, sizeof length);
    size_t whole = (size_t)(answer->body - answer->text) + strtoul(length, NULL, 10);
    while (filled < whole) filled = receive(connection, answer, filled);
}

void http_header(const struct answer *answer, const char *name, char *value, size_t size)
{
    const char *line = answer->text;
    while (line < answer->body && strncasecmp(line, name, strlen(name)) != 0) line = strchr(line, '\n') + 1;
    if (line >= answer->body) fail("the answer lacks a header", name);
    line += strlen(name);
    line += strspn(line, " ");
    snprintf(value, size, "%.*s", (int)strcspn(line, "\r"), line);
}
