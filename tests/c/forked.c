/* A host that forks again and again in the midst of uploads, while another thread is in the library all the time. In each
 * child every function is called with handles of the parent's; tests/forked.rs puts the calls in. */
#define _GNU_SOURCE
#include "fixture.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SLOW "forked/slow"
enum { CHILDREN = 20, SIZE = 600000, SMALL = 1000, SECONDS = 20 };

static ossup_config *config;
static ossup_client *client;
static ossup_request *request;
static ossup_upload *upload;
static ossup_result *result;
static ossup_queue *queue;
static ossup_event *event;
static ossup_error *error;
static ossup_credentials_request *credentials_request;
static ossup_resume_token *resume_token;
static ossup_record *record;
static ossup_record_list *record_list;
static ossup_incomplete_uploads *incomplete_uploads;
/* A queue that only its handle keeps, and what a free that does nothing leaves open. */
static ossup_queue *nobodys_queue;
static int32_t nobodys_fd;
static volatile bool is_over;

/* What an upload asks that has to ask a queue for its credentials. */
static ossup_credentials_request *question(void)
{
    ossup_config *without = make_bare_config();
    ossup_queue *asking = NULL;
    ossup_client *asker = NULL;
    ossup_upload *asked = NULL;
    ossup_event *asks = NULL;
    ossup_credentials_request *taken = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_queue_new(&asking));
    CHECK_STATUS(OSSUP_OK, ossup_config_add_credentials_queue(without, asking, 8));
    CHECK_STATUS(OSSUP_OK, ossup_client_new(without, &asker, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_new(asker, request, &asked, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(asked, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_queue_next(asking, -1, &asks));
    CHECK_STATUS(OSSUP_OK, ossup_event_credentials(asks, &taken));
    return taken;
}

/* A handle of every type, most of them of an upload that runs. */
static void make_handles(const char *slow, const char *small)
{
    struct path name = path_of("slow.bin.ucp");
    config = make_config();
    request = make_request("forked/small", small);
    CHECK_STATUS(OSSUP_OK, ossup_client_new(config, &client, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_client_upload_file(client, request, &result, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_queue_new(&queue));
    CHECK_STATUS(OSSUP_OK, ossup_queue_new(&nobodys_queue));
    CHECK_STATUS(OSSUP_OK, ossup_queue_fd(nobodys_queue, &nobodys_fd));
    upload = make_upload(client, SLOW, slow, true);
    CHECK_STATUS(OSSUP_OK, ossup_upload_set_queue(upload, queue, 7));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_upload_new(NULL, NULL, NULL, &error));
    credentials_request = question();
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_queue_next(queue, -1, &event));
    while (ossup_upload_resume_token(upload, &resume_token, NULL) != OSSUP_OK) continue;
    CHECK_STATUS(OSSUP_OK, ossup_record_read(name.text, &record, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_record_list_read(environment("OSSUP_TEST_DIR"), &record_list, NULL));
    CHECK_STATUS(OSSUP_OK,
                 ossup_client_list_incomplete_uploads(client, BUCKET, NULL, 0, &incomplete_uploads, NULL));
}

static double seconds(void)
{
    struct timespec time;
    CHECK(clock_gettime(CLOCK_MONOTONIC, &time) == 0);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Each of more than a hundred calls has 100 ms; one that waits for what is not there any more is ended by the alarm. */
static void call_everything(void)
{
    ossup_progress progress = {.struct_size = sizeof progress};
    size_t length = 0;
    int32_t fd = -1;
    char anything = 0;
    double began = seconds();
    /* outputs */
    alarm(SECONDS);
    /* checks */
    ossup_queue_free(nobodys_queue);
    CHECK(fcntl(nobodys_fd, F_GETFD) >= 0);
    (void)progress, (void)length, (void)fd, (void)anything;
    CHECK(seconds() < began + SECONDS / 2);
    exit(0);
}

/* Has as many of the library's locks as it can. */
static void *be_busy(void *nothing)
{
    while (!is_over) {
        ossup_progress progress = {.struct_size = sizeof progress};
        ossup_upload *other = make_upload(client, "forked/busy", path_of("small.bin").text, true);
        CHECK_STATUS(OSSUP_OK, ossup_upload_start(other, NULL));
        CHECK_STATUS(OSSUP_OK, ossup_upload_progress(upload, &progress));
        CHECK_STATUS(OSSUP_OK, ossup_upload_pause(other));
        CHECK_STATUS(OSSUP_OK, ossup_queue_wake(queue));
        ossup_upload_wait(other, -1, NULL);
        ossup_upload_free(other);
    }
    return nothing;
}

int main(void)
{
    struct path slow = make_file("slow.bin", SIZE), small = make_file("small.bin", SMALL);
    pthread_t other;
    int status;
    make_handles(slow.text, small.text);
    CHECK(pthread_create(&other, NULL, be_busy, NULL) == 0);
    for (int i = 0; i < CHILDREN; i++) {
        pid_t child = fork();
        CHECK(child >= 0);
        if (child == 0) call_everything();
        CHECK(waitpid(child, &status, 0) == child);
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    is_over = true;
    CHECK(pthread_join(other, NULL) == 0);
    CHECK_STATUS(OSSUP_OK, ossup_upload_wait(upload, -1, NULL));
    return 0;
}
