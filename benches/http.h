/* As much of HTTP/1.1 as an upload needs, by hand: nothing here costs more than the system calls. */
#ifndef HTTP_H
#define HTTP_H

#include <stddef.h>

/* An answer, and the room for its text, which whoever asks provides. */
struct answer {
    int status;
    char *body;
    char *text;
    size_t room;
};

/* Connects to "http://HOST:PORT"; ends the program when that fails, as everything here does. */
int http_connect(const char *endpoint);

/* Sends a piece of a request; with `more` set, the kernel may wait for the next piece. */
void http_send(int connection, const void *bytes, size_t length, int more);

/* Reads one whole answer, head and body. */
void http_answer(int connection, struct answer *answer);

/* Copies the value of a header, whose name is given with its colon. */
void http_header(const struct answer *answer, const char *name, char *value, size_t size);

/* Ends the program with a message. */
void fail(const char *message, const char *detail);

#endif
