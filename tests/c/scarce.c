/* A hundred uploads at once in a process that is short of something, the first argument says of what: each of them ends, well
 * or for want of it, and when there is enough again the next one succeeds. The second is how many more descriptors there are. */
#define _GNU_SOURCE
#include "fixture.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

enum { UPLOADS = 100, SIZE = 150000 };

static ossup_upload *uploads[UPLOADS];

static void limit_descriptors(rlim_t most)
{
    struct rlimit limit;
    CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    limit.rlim_cur = most;
    CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
}

static int first_free(void)
{
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    CHECK(fd >= 0 && close(fd) == 0);
    return fd;
}

/* What stands in front of pthread_create. */
static void allow_threads(void)
{
    void (*allow)(void);
    void *found = dlsym(RTLD_DEFAULT, "allow_threads");
    CHECK(found != NULL);
    memcpy(&allow, &found, sizeof allow);
    allow();
}

static bool is_expected(ossup_status status)
{
    if (status != OSSUP_OK && status != OSSUP_NO_RESOURCES) fprintf(stderr, "%s\n", ossup_status_name(status));
    return status == OSSUP_OK || status == OSSUP_NO_RESOURCES;
}

static ossup_client *make_impatient_client(void)
{
    ossup_config *config = make_config();
    ossup_client *client = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_config_set_max_attempts(config, 2));
    CHECK_STATUS(OSSUP_OK, ossup_client_new(config, &client, NULL));
    ossup_config_free(config);
    return client;
}

static void on_progress(ossup_upload *upload, const ossup_progress *progress, void *user_data)
{
    (void)upload;
    (void)progress;
    (void)user_data;
}

/* How many of them begin. */
static int begin_all(ossup_client *client, const ossup_queue *queue, const char *file)
{
    int begun = 0;
    for (int i = 0; i < UPLOADS; i++) {
        char key[64];
        snprintf(key, sizeof key, "scarce/%d", i);
        uploads[i] = make_upload(client, key, file, i % 2 == 0);
        CHECK_STATUS(OSSUP_OK, ossup_upload_set_queue(uploads[i], queue, (uint64_t)i));
        /* Its thread may be had or not, as all others. */
        CHECK(is_expected(ossup_upload_set_listener(uploads[i], on_progress, NULL, NULL, NULL)));
        ossup_status status = ossup_upload_start(uploads[i], NULL);
        CHECK(is_expected(status));
        begun += status == OSSUP_OK;
    }
    return begun;
}

static void end_all(const ossup_queue *queue, int begun)
{
    while (begun > 0) {
        ossup_event *event = NULL;
        CHECK_STATUS(OSSUP_OK, ossup_queue_next(queue, 60000, &event));
        if (ossup_event_get_kind(event) == OSSUP_EVENT_COMPLETE) {
            ossup_upload *upload = uploads[ossup_event_tag(event)];
            CHECK(is_expected(ossup_upload_wait(upload, -1, NULL)));
            begun--;
        }
        ossup_event_free(event);
    }
    for (int i = 0; i < UPLOADS; i++) ossup_upload_free(uploads[i]);
}

int main(int count, char **arguments)
{
    struct path file = make_file("scarce.bin", SIZE);
    bool is_short_of_threads = count > 1 && strcmp(arguments[1], "threads") == 0;
    ossup_queue *queue = NULL;
    struct rlimit before;
    CHECK(getrlimit(RLIMIT_NOFILE, &before) == 0);
    CHECK_STATUS(OSSUP_OK, ossup_queue_new(&queue));
    ossup_client *client = make_impatient_client();
    if (!is_short_of_threads) limit_descriptors((rlim_t)first_free() + strtoul(arguments[2], NULL, 10));
    end_all(queue, begin_all(client, queue, file.text));

    if (is_short_of_threads) allow_threads();
    else limit_descriptors(before.rlim_cur);
    ossup_request *request = make_request("scarce/enough", file.text);
    CHECK_STATUS(OSSUP_OK, ossup_client_upload_file(client, request, NULL, NULL));
    ossup_request_free(request);
    ossup_client_free(client);
    ossup_queue_free(queue);
    CHECK_STATUS(OSSUP_OK, ossup_shutdown(10000));
    return 0;
}
