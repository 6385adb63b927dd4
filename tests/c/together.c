/* 64 threads use one client, one upload and one queue at once, and all of what these are for. The key SLOW is throttled. */
#define _POSIX_C_SOURCE 200809L
#include "fixture.h"

#include <pthread.h>

#define SLOW "together/slow"
enum { THREADS = 64, EACH = 3, SIZE = 120000, LARGE = 3000000 };

static ossup_client *client;
static ossup_upload *shared;
static ossup_queue *queue;
static struct path small;
static pthread_mutex_t counting = PTHREAD_MUTEX_INITIALIZER;
static unsigned completed[THREADS * EACH + 1], progressed;

/* Takes one event, whosever it is. */
static bool take(int64_t timeout_ms)
{
    ossup_event *event = NULL;
    ossup_status status = ossup_queue_next(queue, timeout_ms, &event);
    if (status == OSSUP_TIMED_OUT) return false;
    CHECK_STATUS(OSSUP_OK, status);
    CHECK(pthread_mutex_lock(&counting) == 0);
    CHECK(ossup_event_tag(event) <= THREADS * EACH);
    if (ossup_event_get_kind(event) == OSSUP_EVENT_COMPLETE) completed[ossup_event_tag(event)]++;
    if (ossup_event_get_kind(event) == OSSUP_EVENT_PROGRESS) progressed++;
    CHECK(pthread_mutex_unlock(&counting) == 0);
    ossup_event_free(event);
    return true;
}

static void use_the_shared_one(unsigned turn)
{
    ossup_progress progress = {.struct_size = sizeof progress};
    ossup_upload *other = NULL;
    ossup_result *result = NULL;
    ossup_resume_token *token = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_upload_ref(shared, &other));
    CHECK_STATUS(OSSUP_OK, ossup_upload_progress(other, &progress));
    CHECK_STATUS(OSSUP_OK, ossup_upload_set_bandwidth_limit(other, turn % 2 == 0 ? 0 : 100000000));
    CHECK_STATUS(OSSUP_OK, ossup_client_set_bandwidth_limit(client, turn % 3 == 0 ? 0 : 100000000));
    CHECK_STATUS(OSSUP_INVALID_STATE, ossup_upload_start(other, NULL));
    CHECK_STATUS(OSSUP_INVALID_STATE, ossup_upload_set_queue(other, queue, 0));
    if (ossup_upload_result(other, &result) == OSSUP_OK) CHECK(ossup_upload_is_done(other));
    ossup_result_free(result);
    if (ossup_upload_resume_token(other, &token, NULL) == OSSUP_OK) ossup_resume_token_free(token);
    (void)ossup_upload_wait(other, 1, NULL);
    if (turn % 16 == 15) CHECK_STATUS(OSSUP_OK, ossup_upload_pause(other));
    ossup_upload_free(other);
}

static void *work(void *number)
{
    unsigned thread = *(unsigned *)number;
    CHECK_STATUS(OSSUP_OK, ossup_queue_wake(queue));
    for (unsigned i = 0; i < EACH; i++) {
        char key[64];
        snprintf(key, sizeof key, "together/%u/%u", thread, i);
        ossup_upload *upload = make_upload(client, key, small.text, false);
        CHECK_STATUS(OSSUP_OK, ossup_upload_set_queue(upload, queue, thread * EACH + i));
        CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
        use_the_shared_one(thread + i);
        if (i == 1) CHECK_STATUS(OSSUP_OK, ossup_upload_abort(upload));
        while (take(0)) {
        }
        ossup_status status = ossup_upload_wait(upload, -1, NULL);
        CHECK(status == OSSUP_OK || (i == 1 && status == OSSUP_ABORTED));
        ossup_upload_free(upload);
    }
    ossup_status status = ossup_upload_wait(shared, -1, NULL);
    CHECK(status == OSSUP_OK || status == OSSUP_PAUSED);
    return NULL;
}

int main(void)
{
    struct path large = make_file("together-large.bin", LARGE);
    pthread_t threads[THREADS];
    unsigned numbers[THREADS];
    small = make_file("together.bin", SIZE);
    client = make_client();
    CHECK_STATUS(OSSUP_OK, ossup_queue_new(&queue));
    shared = make_upload(client, SLOW, large.text, false);
    CHECK_STATUS(OSSUP_OK, ossup_upload_set_queue(shared, queue, THREADS * EACH));
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(shared, NULL));
    for (unsigned i = 0; i < THREADS; i++) {
        numbers[i] = i;
        CHECK(pthread_create(&threads[i], NULL, work, &numbers[i]) == 0);
    }
    for (unsigned i = 0; i < THREADS; i++) CHECK(pthread_join(threads[i], NULL) == 0);
    /* Events go before wakes that nobody waited for. */
    while (take(0)) {
    }
    for (unsigned i = 0; i <= THREADS * EACH; i++) CHECK(completed[i] == 1);
    CHECK(progressed > 0);
    ossup_upload_free(shared);
    ossup_queue_free(queue);
    CHECK_STATUS(OSSUP_OK, ossup_client_shutdown(client, -1));
    ossup_client_free(client);
    CHECK_STATUS(OSSUP_OK, ossup_shutdown(10000));
    return 0;
}
