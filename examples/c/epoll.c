/*
 * epoll: puts files into an OSS bucket from an event loop, which could do other things meanwhile.
 *
 * The loop waits for two descriptors: that of the queue, where all uploads report, and one for signals. Ctrl-C pauses what
 * is under way; the same command goes on with it.
 */
#define _GNU_SOURCE

#include <ossup.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_PAUSED = 3 };

static const char USAGE[] =
    "Usage: epoll ENDPOINT REGION BUCKET FILE...\n"
    "The access key comes from OSS_ACCESS_KEY_ID and OSS_ACCESS_KEY_SECRET.\n";

/* What the loop looks after. An upload's place among the files is its tag. */
struct loop {
    int poll, signals;
    ossup_queue *queue;
    ossup_upload **uploads;
    char **files;
    int count, running, failed, paused;
};

/* ---- the uploads ---- */

static ossup_client *make_client(const char *endpoint, const char *region)
{
    ossup_config *config = NULL;
    ossup_client *client = NULL;
    ossup_error *error = NULL;
    ossup_status status = ossup_config_new(&config);
    ossup_config_set_endpoint(config, endpoint);
    ossup_config_set_region(config, region);
    ossup_config_add_environment_credentials(config);
    if (status == OSSUP_OK) status = ossup_client_new(config, &client, &error);
    if (status != OSSUP_OK) fprintf(stderr, "epoll: %s\n", error == NULL ? "not ready" : ossup_error_message(error));
    ossup_error_free(error);
    ossup_config_free(config);
    return client;
}

/* The object has the file's name, without its folders. */
static const char *name_of(const char *file)
{
    const char *slash = strrchr(file, '/');
    return slash == NULL ? file : slash + 1;
}

static ossup_status start(struct loop *loop, int place, const ossup_client *client, const char *bucket,
                          ossup_error **error)
{
    ossup_request *request = NULL;
    ossup_upload **upload = &loop->uploads[place];
    ossup_status status = ossup_request_new(&request);
    ossup_request_set_bucket_name(request, bucket);
    ossup_request_set_key(request, name_of(loop->files[place]));
    ossup_request_set_upload_file(request, loop->files[place]);
    ossup_request_set_part_size(request, 0);
    ossup_request_set_enable_checkpoint(request, true);
    if (status == OSSUP_OK) status = ossup_upload_new(client, request, upload, error);
    if (status == OSSUP_OK) status = ossup_upload_set_queue(*upload, loop->queue, (uint64_t)place);
    if (status == OSSUP_OK) status = ossup_upload_start(*upload, error);
    ossup_request_free(request);
    return status;
}

static void tell(struct loop *loop, int place, ossup_status status, const ossup_error *error)
{
    const char *file = loop->files[place], *name = ossup_status_name(status);
    loop->paused += status == OSSUP_PAUSED;
    loop->failed += status != OSSUP_OK && status != OSSUP_PAUSED;
    if (status == OSSUP_OK) printf("%s: done\n", file);
    else if (status == OSSUP_PAUSED) printf("%s: paused\n", file);
    else printf("%s: %s: %s\n", file, name, error == NULL ? "" : ossup_error_message(error));
}

static void start_all(struct loop *loop, const ossup_client *client, const char *bucket)
{
    for (int place = 0; place < loop->count; place++) {
        ossup_error *error = NULL;
        ossup_status status = start(loop, place, client, bucket, &error);
        if (status == OSSUP_OK) loop->running++;
        else tell(loop, place, status, error);
        ossup_error_free(error);
    }
}

/* ---- the loop ---- */

static bool watch(const struct loop *loop, int fd)
{
    struct epoll_event watched = {.events = EPOLLIN, .data = {.fd = fd}};
    return epoll_ctl(loop->poll, EPOLL_CTL_ADD, fd, &watched) == 0;
}

/* The library blocks all signals on its own threads, so that blocked here they come by the descriptor alone. */
static bool open_loop(struct loop *loop, int32_t *queue)
{
    sigset_t stops;
    sigemptyset(&stops);
    sigaddset(&stops, SIGINT);
    sigaddset(&stops, SIGTERM);
    if (sigprocmask(SIG_BLOCK, &stops, NULL) != 0) return false;
    loop->poll = epoll_create1(EPOLL_CLOEXEC);
    loop->signals = signalfd(-1, &stops, SFD_CLOEXEC | SFD_NONBLOCK);
    return loop->poll >= 0 && loop->signals >= 0 && ossup_queue_new(&loop->queue) == OSSUP_OK &&
           ossup_queue_fd(loop->queue, queue) == OSSUP_OK && watch(loop, loop->signals) && watch(loop, *queue);
}

/* A second Ctrl-C ends the program at once, which the records survive. */
static void pause_all(struct loop *loop)
{
    struct signalfd_siginfo signal;
    if (read(loop->signals, &signal, sizeof signal) != (ssize_t)sizeof signal) return;
    for (int place = 0; place < loop->count; place++) ossup_upload_pause(loop->uploads[place]);
    sigset_t stops;
    sigfillset(&stops);
    sigprocmask(SIG_UNBLOCK, &stops, NULL);
}

static void show_progress(const struct loop *loop, const ossup_event *event)
{
    ossup_progress progress = {.struct_size = sizeof progress};
    const char *file = loop->files[ossup_event_tag(event)];
    if (ossup_event_progress(event, &progress) != OSSUP_OK || progress.phase != OSSUP_PHASE_UPLOADING) return;
    fprintf(stderr, "%s: %u of %u parts\n", file, (unsigned)progress.parts_confirmed, (unsigned)progress.parts_total);
}

static void finish(struct loop *loop, const ossup_event *event)
{
    int place = (int)ossup_event_tag(event);
    ossup_error *error = NULL;
    /* It is over: this returns at once. */
    ossup_status status = ossup_upload_wait(loop->uploads[place], -1, &error);
    tell(loop, place, status, error);
    ossup_error_free(error);
    loop->running--;
}

/* Takes all events that there are. One at a time would do: the descriptor stays readable until the last one is taken. */
static void take_events(struct loop *loop)
{
    ossup_event *event = NULL;
    while (ossup_queue_next(loop->queue, 0, &event) == OSSUP_OK) {
        if (ossup_event_get_kind(event) == OSSUP_EVENT_PROGRESS) show_progress(loop, event);
        if (ossup_event_get_kind(event) == OSSUP_EVENT_COMPLETE) finish(loop, event);
        ossup_event_free(event);
    }
}

static void run(struct loop *loop)
{
    while (loop->running > 0) {
        struct epoll_event ready[2];
        int count = epoll_wait(loop->poll, ready, 2, -1);
        for (int i = 0; i < count; i++) {
            if (ready[i].data.fd == loop->signals) pause_all(loop);
            else take_events(loop);
        }
    }
}

static void close_loop(struct loop *loop)
{
    for (int place = 0; loop->uploads != NULL && place < loop->count; place++) ossup_upload_free(loop->uploads[place]);
    free(loop->uploads);
    ossup_queue_free(loop->queue);
    if (loop->signals >= 0) close(loop->signals);
    if (loop->poll >= 0) close(loop->poll);
}

int main(int argc, char **argv)
{
    struct loop loop = {.poll = -1, .signals = -1};
    ossup_client *client = NULL;
    int32_t queue;
    if (argc < 5) {
        fputs(USAGE, stderr);
        return EXIT_USAGE;
    }
    loop.files = argv + 4;
    loop.count = argc - 4;
    loop.uploads = calloc((size_t)loop.count, sizeof *loop.uploads);
    bool is_ready = loop.uploads != NULL && open_loop(&loop, &queue);
    if (!is_ready) perror("epoll: not ready");
    if (is_ready) client = make_client(argv[1], argv[2]);
    if (client != NULL) {
        start_all(&loop, client, argv[3]);
        run(&loop);
    }
    int code = client == NULL || loop.failed > 0 ? EXIT_FAILED : loop.paused > 0 ? EXIT_PAUSED : EXIT_DONE;
    close_loop(&loop);
    ossup_client_free(client);
    return code;
}
