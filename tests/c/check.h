/* Assertions for the C tests: the first that fails tells where and ends the program. */
#ifndef CHECK_H
#define CHECK_H

#include <ossup.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition) check_that((condition), #condition, __FILE__, __LINE__)
#define CHECK_STATUS(expected, call) check_status((expected), (call), #call, __FILE__, __LINE__)
#define CHECK_TEXT(expected, text) check_text((expected), (text), #text, __FILE__, __LINE__)
#define CHECK_NAMES(word, message) check_names((word), (message), #message, __FILE__, __LINE__)

#ifdef _WIN32
/* Wine 8 may hang when a process ends while threads of it wait for sockets. tests/windows/ending.c ends with them. */
static void end_the_library(void)
{
    ossup_shutdown(60000);
}

__attribute__((constructor)) static void end_it_at_the_end(void)
{
    atexit(end_the_library);
}
#endif

static inline void check_that(bool held, const char *what, const char *file, int line)
{
    if (held) return;
    fprintf(stderr, "%s:%d: not so: %s\n", file, line, what);
    exit(1);
}

static inline void check_status(ossup_status expected, ossup_status got, const char *what, const char *file, int line)
{
    if (got == expected) return;
    fprintf(stderr, "%s:%d: %s is %s, not %s\n", file, line, what, ossup_status_name(got), ossup_status_name(expected));
    exit(1);
}

static inline void check_text(const char *expected, const char *got, const char *what, const char *file, int line)
{
    if (got != NULL && strcmp(expected, got) == 0) return;
    fprintf(stderr, "%s:%d: %s is '%s', not '%s'\n", file, line, what, got == NULL ? "NULL" : got, expected);
    exit(1);
}

/* A message must name the argument that is at fault. */
static inline void check_names(const char *word, const char *message, const char *what, const char *file, int line)
{
    if (message != NULL && strstr(message, word) != NULL) return;
    fprintf(stderr, "%s:%d: %s does not name '%s': '%s'\n", file, line, what, word, message == NULL ? "NULL" : message);
    exit(1);
}

#endif
