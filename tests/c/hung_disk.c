/* Loaded before a program: a disk that answers no read of a file whose name begins with "hung", from its second MiB on, and no
 * opening of one whose name begins with "lost". */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum { FROM = 1 << 20 };

int hanging_calls(void);

static int hanging;

int hanging_calls(void)
{
    return __atomic_load_n(&hanging, __ATOMIC_SEQ_CST);
}

static void hang(void)
{
    __atomic_fetch_add(&hanging, 1, __ATOMIC_SEQ_CST);
    for (;;) pause();
}

static int begins_with(const char *path, const char *word)
{
    const char *name = strrchr(path, '/');
    return strncmp(name == NULL ? path : name + 1, word, strlen(word)) == 0;
}

/* C has no cast from a pointer to data to one to a function. */
static void find(const char *name, void *function)
{
    void *found = dlsym(RTLD_NEXT, name);
    if (found == NULL) abort();
    memcpy(function, &found, sizeof found);
}

ssize_t pread64(int fd, void *bytes, size_t count, off64_t offset)
{
    ssize_t (*real)(int, void *, size_t, off64_t);
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    path[length < 0 ? 0 : length] = '\0';
    if (offset >= FROM && begins_with(path, "hung")) hang();
    find("pread64", &real);
    return real(fd, bytes, count, offset);
}

int open64(const char *path, int flags, ...)
{
    int (*real)(const char *, int, ...);
    va_list rest;
    if (begins_with(path, "lost")) hang();
    find("open64", &real);
    va_start(rest, flags);
    unsigned mode = va_arg(rest, unsigned);
    va_end(rest);
    return real(path, flags, mode);
}
