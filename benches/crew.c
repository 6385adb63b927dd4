#define _XOPEN_SOURCE 700

#include "crew.h"

#include "http.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct {
    const char *endpoint;
    uint32_t count, next;
    void (*job)(int, uint32_t);
    pthread_mutex_t lock;
} crew = {.lock = PTHREAD_MUTEX_INITIALIZER};

static uint32_t take_next(void)
{
    pthread_mutex_lock(&crew.lock);
    uint32_t index = crew.next < crew.count ? crew.next++ : crew.count;
    pthread_mutex_unlock(&crew.lock);
    return index;
}

static void *work(void *unused)
{
    int connection = http_connect(crew.endpoint);
    for (uint32_t index; (index = take_next()) < crew.count;) crew.job(connection, index);
    close(connection);
    return unused;
}

void crew_run(const char *endpoint, size_t threads, uint32_t count, void (*job)(int connection, uint32_t index))
{
    pthread_t *all = calloc(threads, sizeof *all);
    if (threads == 0 || all == NULL) fail("TASK_NUM", "is a number above 0");
    crew.endpoint = endpoint, crew.count = count, crew.next = 0, crew.job = job;
    for (size_t i = 0; i < threads; i++) {
        if (pthread_create(&all[i], NULL, work, NULL) != 0) fail("pthread_create", "refused");
    }
    for (size_t i = 0; i < threads; i++) pthread_join(all[i], NULL);
    free(all);
}
