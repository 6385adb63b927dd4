/* Loaded before a program: there are only so many threads at a time beside the first, until the program calls allow_threads.
 *
 * OSSUP_TEST_THREADS  how many
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

void allow_threads(void);

struct body {
    void *(*start)(void *);
    void *argument;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned long threads;
static int is_over;

void allow_threads(void)
{
    pthread_mutex_lock(&lock);
    is_over = 1;
    pthread_mutex_unlock(&lock);
}

/* Takes a place, or finds none. */
static int enter(void)
{
    const char *most = getenv("OSSUP_TEST_THREADS");
    pthread_mutex_lock(&lock);
    int is_free = is_over || most == NULL || threads < strtoul(most, NULL, 10);
    threads += (unsigned long)is_free;
    pthread_mutex_unlock(&lock);
    return is_free;
}

static void leave(void)
{
    pthread_mutex_lock(&lock);
    threads--;
    pthread_mutex_unlock(&lock);
}

static void *run(void *memory)
{
    struct body body = *(struct body *)memory;
    free(memory);
    void *result = body.start(body.argument);
    leave();
    return result;
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *argument)
{
    int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    void *found = dlsym(RTLD_NEXT, "pthread_create");
    struct body *body = malloc(sizeof *body);
    if (found == NULL || body == NULL) abort();
    memcpy(&real, &found, sizeof real);
    *body = (struct body){start, argument};
    int error = enter() ? real(thread, attributes, run, body) : EAGAIN;
    if (error != 0) free(body);
    return error;
}
