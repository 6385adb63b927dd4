/* Libraries that are loaded and unloaded while a program runs. */
#ifndef LOADING_H
#define LOADING_H

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition) check_that((condition), #condition, __FILE__, __LINE__)

static inline void check_that(int held, const char *what, const char *file, int line)
{
    if (held) return;
    fprintf(stderr, "%s:%d: not so: %s\n", file, line, what);
    exit(1);
}

static inline void *load(const char *path, int flags)
{
    void *library = dlopen(path, flags);
    if (library == NULL) fprintf(stderr, "%s\n", dlerror());
    CHECK(library != NULL);
    return library;
}

/* C has no cast from a pointer to data to one to a function. */
static inline void find(void *library, const char *name, void *function)
{
    void *found = dlsym(library, name);
    CHECK(found != NULL);
    memcpy(function, &found, sizeof found);
}

#endif
