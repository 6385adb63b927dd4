/* Thousands of uploads in one process, of which some fail and some are paused, by queue and by listener: after the first tenth
 * neither threads nor descriptors nor memory grow. The argument is their number. DENIED is refused. */
#define _POSIX_C_SOURCE 200809L
#include "fixture.h"

#include <dirent.h>
#include <time.h>
#include <unistd.h>

#define DENIED "endurance/denied"
enum { AT_ONCE = 100, LARGE = 250000, SMALL = 10000, MOST_THREADS = 50, SLACK = 64 };

/* What an upload may end with, by its place in a batch. */
enum way { BY_QUEUE, BY_LISTENER, FAILING, PAUSED, WAYS };

struct batch {
    ossup_upload *uploads[AT_ONCE];
    unsigned completed[AT_ONCE];
};

struct usage {
    long threads, descriptors, bytes;
};

static long entries(const char *folder)
{
    long count = 0;
    DIR *stream = opendir(folder);
    CHECK(stream != NULL);
    for (struct dirent *entry; (entry = readdir(stream)) != NULL;) count += entry->d_name[0] != '.';
    closedir(stream);
    return count;
}

static struct usage look(void)
{
    long total = 0, pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    CHECK(file != NULL && fscanf(file, "%ld %ld", &total, &pages) == 2);
    fclose(file);
    return (struct usage){entries("/proc/self/task"), entries("/proc/self/fd"), pages * sysconf(_SC_PAGESIZE)};
}

/* The files of a batch are the same in each: one for each upload that keeps a record. */
static struct path file_of(int place)
{
    char name[64];
    snprintf(name, sizeof name, "endurance.%d", place);
    return path_of(name);
}

static void on_progress(ossup_upload *upload, const ossup_progress *progress, void *user_data)
{
    (void)upload;
    (void)progress;
    (void)user_data;
}

static void on_complete(ossup_upload *upload, ossup_status status, void *user_data)
{
    (void)upload;
    (void)status;
    ++*(unsigned *)user_data;
}

static void on_release(void *user_data)
{
    (void)user_data;
}

static void begin(struct batch *batch, int place, ossup_client *client, const ossup_queue *queue)
{
    char key[64];
    enum way way = (enum way)(place % WAYS);
    unsigned *completed = &batch->completed[place];
    snprintf(key, sizeof key, "endurance/%d", place);
    *completed = 0;
    ossup_upload *upload = make_upload(client, way == FAILING ? DENIED : key, file_of(place).text, place % 8 >= WAYS);
    if (way == BY_LISTENER) {
        CHECK_STATUS(OSSUP_OK, ossup_upload_set_listener(upload, on_progress, on_complete, completed, on_release));
    } else {
        CHECK_STATUS(OSSUP_OK, ossup_upload_set_queue(upload, queue, (uint64_t)place));
    }
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    if (way == PAUSED) CHECK_STATUS(OSSUP_OK, ossup_upload_pause(upload));
    batch->uploads[place] = upload;
}

/* Each is told of once, and ends in its way; what a record leads back to is gone on with in the next batch. */
static void end(struct batch *batch, int place)
{
    enum way way = (enum way)(place % WAYS);
    ossup_result *result = NULL;
    ossup_error *error = NULL;
    ossup_status status = ossup_upload_wait(batch->uploads[place], -1, NULL);
    if (way == FAILING) CHECK_STATUS(OSSUP_ACCESS_DENIED, status);
    else if (way != PAUSED || status != OSSUP_PAUSED) CHECK_STATUS(OSSUP_OK, status);
    CHECK_STATUS(OSSUP_OK, ossup_upload_result(batch->uploads[place], &result));
    CHECK_STATUS(OSSUP_OK, ossup_result_error(result, &error));
    ossup_error_free(error);
    ossup_result_free(result);
    ossup_upload_free(batch->uploads[place]);
    CHECK(batch->completed[place] == 1);
}

static void run(ossup_client *client, const ossup_queue *queue)
{
    static struct batch batch;
    int waiting = 0;
    for (int place = 0; place < AT_ONCE; place++) {
        begin(&batch, place, client, queue);
        waiting += place % WAYS != BY_LISTENER;
    }
    while (waiting > 0) {
        ossup_event *event = NULL;
        CHECK_STATUS(OSSUP_OK, ossup_queue_next(queue, 60000, &event));
        if (ossup_event_get_kind(event) == OSSUP_EVENT_COMPLETE) {
            batch.completed[ossup_event_tag(event)]++;
            waiting--;
        }
        ossup_event_free(event);
    }
    for (int place = 0; place < AT_ONCE; place++) end(&batch, place);
}

int main(int count, char **arguments)
{
    long uploads = count > 1 ? strtol(arguments[1], NULL, 10) : 1000;
    struct usage early = {0, 0, 0}, late;
    ossup_queue *queue = NULL;
    for (int place = 0; place < AT_ONCE; place++) {
        char name[64];
        snprintf(name, sizeof name, "endurance.%d", place);
        make_file(name, place % 8 >= WAYS ? LARGE : SMALL);
    }
    ossup_client *client = make_client();
    CHECK_STATUS(OSSUP_OK, ossup_queue_new(&queue));
    for (long done = 0; done < uploads; done += AT_ONCE) {
        run(client, queue);
        if (early.threads == 0 && done + AT_ONCE >= uploads / 10) early = look();
    }
    late = look();
    ossup_queue_free(queue);
    ossup_client_free(client);
    printf("%ld uploads: threads %ld to %ld, descriptors %ld to %ld, resident %ld to %ld KiB\n", uploads, early.threads,
           late.threads, early.descriptors, late.descriptors, early.bytes / 1024, late.bytes / 1024);
    CHECK_STATUS(OSSUP_OK, ossup_shutdown(60000));
    CHECK(late.threads < MOST_THREADS && late.descriptors < early.descriptors + SLACK);
    /* Valgrind keeps what was freed for a while, and counts itself what was not. */
    bool is_watched = getenv("OSSUP_TEST_RUNNER") != NULL;
    CHECK(is_watched || late.bytes - early.bytes < (SLACK << 16) + 300 * uploads);
    return 0;
}
