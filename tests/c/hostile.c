/* Callbacks that do all that they may: stop their upload, free it, start others, make and free clients, take the host's own
   lock; and handles that are freed at any time. Each upload ends exactly once. The key SLOW is throttled. */
#define _POSIX_C_SOURCE 200809L
#include "fixture.h"

#include <pthread.h>
#include <time.h>

#define SLOW "hostile/slow"
enum { SMALL = 120000, LARGE = 300000 };

static const struct timespec moment = {0, 5000000};
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct path small, large;

typedef enum { NOTHING, PAUSE, ABORT, FREE, EVERYTHING } deed;
typedef enum { IN_PROGRESS, IN_COMPLETE, IN_RELEASE, NOWHERE } place;

struct host {
    place where;
    deed what;
    ossup_client *client;
    ossup_upload *own; /* A handle that the callback may free. */
    unsigned done, complete, release;
    ossup_status status;
};

/* All that is legal in a callback, and what is refused there. */
static void everything(struct host *host, ossup_upload *upload)
{
    ossup_client *other = make_client();
    ossup_upload *reference = NULL, *another = make_upload(other, "hostile/another", small.text, false);
    ossup_queue *queue = NULL;
    ossup_request *request = make_request("hostile/refused", small.text);
    ossup_progress progress = {.struct_size = sizeof progress};
    CHECK_STATUS(OSSUP_OK, ossup_queue_new(&queue));
    CHECK_STATUS(OSSUP_OK, ossup_upload_set_queue(another, queue, 1));
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(another, NULL));
    CHECK_STATUS(OSSUP_WOULD_DEADLOCK, ossup_upload_wait(another, -1, NULL));
    CHECK_STATUS(OSSUP_WOULD_DEADLOCK, ossup_client_upload_file(other, request, NULL, NULL));
    CHECK_STATUS(OSSUP_WOULD_DEADLOCK, ossup_client_shutdown(other, -1));
    CHECK_STATUS(OSSUP_WOULD_DEADLOCK, ossup_shutdown(-1));
    if (upload != NULL) {
        CHECK_STATUS(OSSUP_OK, ossup_upload_ref(upload, &reference));
        CHECK_STATUS(OSSUP_OK, ossup_upload_progress(reference, &progress));
        CHECK_STATUS(OSSUP_INVALID_STATE, ossup_upload_start(reference, NULL));
        CHECK_STATUS(OSSUP_INVALID_STATE, ossup_upload_set_queue(reference, queue, 2));
        CHECK_STATUS(OSSUP_OK, ossup_upload_set_bandwidth_limit(reference, 0));
        CHECK_STATUS(OSSUP_WOULD_DEADLOCK, ossup_upload_wait(reference, 0, NULL));
        ossup_upload_free(reference);
    }
    CHECK_STATUS(OSSUP_OK, ossup_client_set_bandwidth_limit(host->client, 0));
    ossup_request_free(request);
    ossup_queue_free(queue);
    ossup_upload_free(another);
    ossup_client_free(other);
}

static void act(struct host *host, place where, ossup_upload *upload)
{
    /* Whoever calls the library may hold it: no callback runs inside of a call. */
    CHECK(pthread_mutex_lock(&lock) == 0);
    CHECK(pthread_mutex_unlock(&lock) == 0);
    if (host->where != where || host->done++ > 0) return;
    ossup_upload *stopped = upload != NULL ? upload : host->own;
    switch (host->what) {
    case NOTHING: break;
    case PAUSE: CHECK_STATUS(OSSUP_OK, ossup_upload_pause(stopped)); break;
    case ABORT: CHECK_STATUS(OSSUP_OK, ossup_upload_abort(stopped)); break;
    case FREE:
        ossup_upload_free(host->own);
        host->own = NULL;
        break;
    case EVERYTHING: everything(host, upload); break;
    }
}

static void on_progress(ossup_upload *upload, const ossup_progress *progress, void *user_data)
{
    struct host *host = user_data;
    (void)progress;
    CHECK(host->complete == 0);
    act(host, IN_PROGRESS, upload);
}

static void on_complete(ossup_upload *upload, ossup_status status, void *user_data)
{
    struct host *host = user_data;
    CHECK(host->release == 0);
    host->status = status;
    act(host, IN_COMPLETE, upload);
    host->complete++;
}

static void on_release(void *user_data)
{
    struct host *host = user_data;
    act(host, IN_RELEASE, NULL);
    host->release++;
}

static void each_deed_in_each_callback(void)
{
    for (int where = IN_PROGRESS; where <= IN_RELEASE; where++) {
        for (int what = NOTHING; what <= EVERYTHING; what++) {
            struct host host = {.where = (place)where, .what = (deed)what, .client = make_client()};
            host.own = make_upload(host.client, where == IN_PROGRESS ? SLOW : "hostile/quick", small.text, true);
            ossup_upload *mine = NULL;
            CHECK_STATUS(OSSUP_OK, ossup_upload_ref(host.own, &mine));
            CHECK_STATUS(OSSUP_OK, ossup_upload_set_listener(mine, on_progress, on_complete, &host, on_release));
            CHECK(pthread_mutex_lock(&lock) == 0);
            CHECK_STATUS(OSSUP_OK, ossup_upload_start(mine, NULL));
            nanosleep(&moment, NULL);
            ossup_progress progress = {.struct_size = sizeof progress};
            CHECK_STATUS(OSSUP_OK, ossup_upload_progress(mine, &progress));
            CHECK(pthread_mutex_unlock(&lock) == 0);
            ossup_status status = ossup_upload_wait(mine, -1, NULL);
            CHECK(host.done > 0 && host.complete == 1 && host.release == 1 && host.status == status);
            if (where == IN_PROGRESS && what == PAUSE) CHECK(status == OSSUP_PAUSED || status == OSSUP_OK);
            else if (where == IN_PROGRESS && what == ABORT) CHECK(status == OSSUP_ABORTED || status == OSSUP_OK);
            else CHECK_STATUS(OSSUP_OK, status);
            ossup_upload_free(mine);
            ossup_upload_free(host.own);
            ossup_client_free(host.client);
        }
    }
}

struct provider {
    deed what;
    ossup_upload *upload;
    ossup_client *client;
};

/* On a thread of its own, for it may take its time: another client's upload may even be waited for. */
static void provide(ossup_credentials_request *request, void *user_data)
{
    struct provider *provider = user_data;
    ossup_client *other = make_client();
    ossup_request *needed = make_request("hostile/needed", small.text);
    CHECK_STATUS(OSSUP_OK, ossup_client_upload_file(other, needed, NULL, NULL));
    CHECK_STATUS(OSSUP_WOULD_DEADLOCK, ossup_client_shutdown(other, -1));
    CHECK_STATUS(OSSUP_WOULD_DEADLOCK, ossup_shutdown(-1));
    ossup_request_free(needed);
    ossup_client_free(other);
    if (provider->what == PAUSE) CHECK_STATUS(OSSUP_OK, ossup_upload_pause(provider->upload));
    if (provider->what == ABORT) CHECK_STATUS(OSSUP_OK, ossup_upload_abort(provider->upload));
    if (provider->what == FREE) {
        ossup_client_free(provider->client);
        provider->client = NULL;
    }
    CHECK_STATUS(OSSUP_OK, ossup_credentials_request_give(request, "ak", "sk", NULL, 0, NULL));
    ossup_credentials_request_free(request);
}

static void each_deed_while_credentials_are_asked_for(void)
{
    for (int what = NOTHING; what <= FREE; what++) {
        struct provider provider = {.what = (deed)what};
        struct host host = {.where = NOWHERE};
        ossup_config *config = make_bare_config();
        CHECK_STATUS(OSSUP_OK, ossup_config_add_credentials_provider(config, provide, &provider, NULL));
        CHECK_STATUS(OSSUP_OK, ossup_client_new(config, &provider.client, NULL));
        ossup_config_free(config);
        ossup_upload *upload = provider.upload = make_upload(provider.client, SLOW, large.text, false);
        CHECK_STATUS(OSSUP_OK, ossup_upload_set_listener(upload, on_progress, on_complete, &host, on_release));
        CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
        ossup_status status = ossup_upload_wait(upload, -1, NULL);
        CHECK_STATUS(what == PAUSE ? OSSUP_PAUSED : what == ABORT ? OSSUP_ABORTED : OSSUP_OK, status);
        CHECK(host.complete == 1 && host.release == 1);
        ossup_upload_free(upload);
        ossup_client_free(provider.client);
    }
}

/* Before the start, right after it, while it runs, and when it is over. */
static void handles_freed_at_any_time(void)
{
    static struct host hosts[4];
    ossup_client *client = make_client();
    for (int when = 0; when < 4; when++) {
        hosts[when].where = NOWHERE;
        ossup_upload *upload = make_upload(client, SLOW, small.text, false);
        CHECK_STATUS(OSSUP_OK, ossup_upload_set_listener(upload, on_progress, on_complete, &hosts[when], on_release));
        if (when > 0) CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
        if (when == 2) (void)ossup_upload_wait(upload, 1, NULL);
        if (when == 3) CHECK_STATUS(OSSUP_OK, ossup_upload_wait(upload, -1, NULL));
        ossup_upload_free(upload);
    }
    CHECK_STATUS(OSSUP_OK, ossup_client_shutdown(client, -1));
    for (int when = 0; when < 4; when++) {
        CHECK(hosts[when].complete == (when > 0) && hosts[when].release == 1);
        CHECK(when == 0 || hosts[when].status == OSSUP_OK || hosts[when].status == OSSUP_PAUSED);
    }
    ossup_client_free(client);
}

int main(void)
{
    small = make_file("hostile.bin", SMALL);
    large = make_file("hostile-large.bin", LARGE);
    each_deed_in_each_callback();
    each_deed_while_credentials_are_asked_for();
    handles_freed_at_any_time();
    CHECK_STATUS(OSSUP_OK, ossup_shutdown(10000));
    return 0;
}
