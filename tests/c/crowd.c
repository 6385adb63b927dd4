/* Two thousand uploads at once, one queue, one thread: the process has no thread for each, every upload completes exactly once,
 * and the queue bears what may happen to it meanwhile. */
#define _GNU_SOURCE
#include "fixture.h"

#include <dirent.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { UPLOADS = 2000, SOME = 200, MOST_THREADS = 50, TAKERS = 4 };

static int threads(void)
{
    int count = 0;
    DIR *tasks = opendir("/proc/self/task");
    CHECK(tasks != NULL);
    for (struct dirent *task; (task = readdir(tasks)) != NULL;) count += task->d_name[0] != '.';
    closedir(tasks);
    return count;
}

static ossup_queue *make_queue(void)
{
    ossup_queue *queue = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_queue_new(&queue));
    return queue;
}

struct files {
    struct path small, large;
};

/* Begins so many uploads, a quarter of them in parts and with a record, and gives their handles up: events keep what they
 * speak of. */
static void begin(ossup_client *client, const ossup_queue *queue, const struct files *files, int uploads)
{
    for (int i = 0; i < uploads; i++) {
        char key[64];
        snprintf(key, sizeof key, "crowd/%d", i);
        bool is_large = i % 4 == 0;
        ossup_upload *upload = make_upload(client, key, is_large ? files->large.text : files->small.text, is_large);
        CHECK_STATUS(OSSUP_OK, ossup_upload_set_queue(upload, queue, (uint64_t)i));
        CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
        ossup_upload_free(upload);
    }
}

static void take(const ossup_event *event, unsigned char *completed)
{
    ossup_upload *upload = NULL;
    uint64_t tag = ossup_event_tag(event);
    CHECK_STATUS(OSSUP_OK, ossup_event_upload(event, &upload));
    /* What is complete says nothing more. */
    CHECK(completed[tag] == 0);
    if (ossup_event_get_kind(event) == OSSUP_EVENT_COMPLETE) {
        CHECK_STATUS(OSSUP_OK, ossup_upload_wait(upload, 0, NULL));
        completed[tag] = 1;
    }
    ossup_upload_free(upload);
}

static int watch(int queue, uint32_t events)
{
    int poll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event watched = {.events = events, .data = {.fd = queue}};
    CHECK(poll >= 0 && epoll_ctl(poll, EPOLL_CTL_ADD, queue, &watched) == 0);
    return poll;
}

static bool is_ready(int poll, int timeout_ms)
{
    struct epoll_event ready;
    int count = epoll_wait(poll, &ready, 1, timeout_ms);
    CHECK(count >= 0);
    return count == 1;
}

/* An event loop on level-triggered epoll, which may take one event at a time. */
static void two_thousand_need_one_thread(ossup_client *client, const struct files *files)
{
    static unsigned char completed[UPLOADS];
    ossup_queue *queue = make_queue();
    ossup_event *event = NULL;
    int32_t fd = -1;
    int most = 0;
    CHECK_STATUS(OSSUP_OK, ossup_queue_fd(queue, &fd));
    int poll = watch(fd, EPOLLIN);
    begin(client, queue, files, UPLOADS);
    for (int ended = 0; ended < UPLOADS;) {
        CHECK(is_ready(poll, 60000));
        CHECK_STATUS(OSSUP_OK, ossup_queue_next(queue, 0, &event));
        ended += ossup_event_get_kind(event) == OSSUP_EVENT_COMPLETE;
        take(event, completed);
        ossup_event_free(event);
        if (ended % 20 == 0 && threads() > most) most = threads();
    }
    for (int i = 0; i < UPLOADS; i++) CHECK(completed[i] == 1);
    CHECK(most < MOST_THREADS);
    CHECK(!is_ready(poll, 0));
    CHECK_STATUS(OSSUP_TIMED_OUT, ossup_queue_next(queue, 0, &event));
    CHECK(close(poll) == 0);
    ossup_queue_free(queue);
}

/* Edge-triggered, epoll tells once when the first event comes: then the queue is to be emptied. */
static void an_edge_is_told_once(ossup_client *client, const struct files *files)
{
    static unsigned char completed[SOME];
    ossup_queue *queue = make_queue();
    int32_t fd = -1;
    CHECK_STATUS(OSSUP_OK, ossup_queue_fd(queue, &fd));
    int level = watch(fd, EPOLLIN), edge = watch(fd, EPOLLIN | EPOLLET);
    CHECK_STATUS(OSSUP_OK, ossup_queue_wake(queue));
    CHECK(is_ready(edge, 1000) && !is_ready(edge, 0));
    CHECK(is_ready(level, 0) && is_ready(level, 0));
    begin(client, queue, files, SOME);
    for (int ended = 0; ended < SOME;) {
        ossup_event *event = NULL;
        if (ossup_queue_next(queue, 0, &event) != OSSUP_OK) {
            CHECK(is_ready(edge, 60000));
            continue;
        }
        ended += ossup_event_get_kind(event) == OSSUP_EVENT_COMPLETE;
        take(event, completed);
        ossup_event_free(event);
    }
    CHECK(close(level) == 0 && close(edge) == 0);
    ossup_queue_free(queue);
}

struct takers {
    ossup_queue *queue;
    pthread_mutex_t lock;
    int ended, woken;
    unsigned char completed[SOME];
};

/* Takes events until it is woken. */
static void *take_until_woken(void *shared)
{
    struct takers *takers = shared;
    ossup_event *event = NULL;
    while (ossup_queue_next(takers->queue, -1, &event) == OSSUP_OK) {
        CHECK(pthread_mutex_lock(&takers->lock) == 0);
        if (ossup_event_get_kind(event) == OSSUP_EVENT_COMPLETE) {
            CHECK(takers->completed[ossup_event_tag(event)]++ == 0);
            takers->ended++;
        }
        CHECK(pthread_mutex_unlock(&takers->lock) == 0);
        ossup_event_free(event);
    }
    CHECK(pthread_mutex_lock(&takers->lock) == 0);
    takers->woken++;
    CHECK(pthread_mutex_unlock(&takers->lock) == 0);
    return NULL;
}

static int read_locked(struct takers *takers, const int *number)
{
    CHECK(pthread_mutex_lock(&takers->lock) == 0);
    int value = *number;
    CHECK(pthread_mutex_unlock(&takers->lock) == 0);
    return value;
}

/* Each event goes to one of them, and each wake ends one wait. */
static void several_threads_may_take(ossup_client *client, const struct files *files)
{
    static struct takers takers = {.lock = PTHREAD_MUTEX_INITIALIZER};
    pthread_t taking[TAKERS];
    takers.queue = make_queue();
    for (int i = 0; i < TAKERS; i++) CHECK(pthread_create(&taking[i], NULL, take_until_woken, &takers) == 0);
    begin(client, takers.queue, files, SOME);
    while (read_locked(&takers, &takers.ended) < SOME) usleep(2000);
    CHECK_STATUS(OSSUP_OK, ossup_queue_wake(takers.queue));
    while (read_locked(&takers, &takers.woken) < 1) usleep(2000);
    CHECK(read_locked(&takers, &takers.woken) == 1);
    for (int i = 1; i < TAKERS; i++) CHECK_STATUS(OSSUP_OK, ossup_queue_wake(takers.queue));
    for (int i = 0; i < TAKERS; i++) CHECK(pthread_join(taking[i], NULL) == 0);
    ossup_queue_free(takers.queue);
}

/* The queue, the client and all other handles are gone while uploads run and events wait; uploads run on. */
static void everything_may_be_freed_while_events_wait(const struct files *files)
{
    ossup_client *client = make_client();
    ossup_queue *queue = make_queue();
    ossup_event *kept = NULL;
    ossup_upload *upload = NULL;
    begin(client, queue, files, SOME);
    ossup_client_free(client);
    while (ossup_queue_next(queue, -1, &kept) == OSSUP_OK && ossup_event_get_kind(kept) != OSSUP_EVENT_COMPLETE) {
        ossup_event_free(kept);
    }
    ossup_queue_free(queue);
    CHECK_STATUS(OSSUP_OK, ossup_event_upload(kept, &upload));
    CHECK_STATUS(OSSUP_OK, ossup_upload_wait(upload, -1, NULL));
    ossup_upload_free(upload);
    ossup_event_free(kept);
}

int main(void)
{
    const struct files files = {make_file("small.bin", 1000), make_file("large.bin", 150000)};
    ossup_client *client = make_client();
    two_thousand_need_one_thread(client, &files);
    an_edge_is_told_once(client, &files);
    several_threads_may_take(client, &files);
    ossup_client_free(client);
    everything_may_be_freed_while_events_wait(&files);
    CHECK_STATUS(OSSUP_OK, ossup_shutdown(60000));
    return 0;
}
