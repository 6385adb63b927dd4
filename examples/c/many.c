/*
 * many: puts all files of a folder into an OSS bucket, however many there are, by one thread.
 *
 * All of them are started at once; the library has some under way at a time and the others wait for their turn. A line says
 * what became of each that failed, and the last one how many there were. The same command sends what is missing.
 */
#define _XOPEN_SOURCE 700

#include <ossup.h>

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

static const char USAGE[] =
    "Usage: many ENDPOINT REGION BUCKET FOLDER\n"
    "The access key comes from OSS_ACCESS_KEY_ID and OSS_ACCESS_KEY_SECRET.\n";

/* Names of files. An upload's tag is the place of its file. */
struct names {
    char **names;
    size_t count, room;
};

struct work {
    const ossup_client *client;
    ossup_queue *queue;
    const char *bucket, *folder;
    struct names files;
    size_t running, failed;
};

/* ---- the folder ---- */

static bool add(struct names *names, const char *name)
{
    if (names->count == names->room) {
        size_t room = names->room == 0 ? 64 : 2 * names->room;
        char **grown = realloc(names->names, room * sizeof *grown);
        if (grown == NULL) return false;
        names->names = grown;
        names->room = room;
    }
    char *copy = strdup(name);
    if (copy != NULL) names->names[names->count++] = copy;
    return copy != NULL;
}

static void free_names(struct names *names)
{
    for (size_t i = 0; i < names->count; i++) free(names->names[i]);
    free(names->names);
}

/* The records that the uploads keep beside their files are no files to upload. */
static bool is_record(const char *name)
{
    size_t length = strlen(name);
    return length > 4 && strcmp(name + length - 4, ".ucp") == 0;
}

static bool is_file(DIR *folder, const char *name)
{
    struct stat facts;
    return fstatat(dirfd(folder), name, &facts, 0) == 0 && S_ISREG(facts.st_mode);
}

/* NULL at the end, when errno is 0, and where reading fails. */
static const struct dirent *next(DIR *folder)
{
    errno = 0;
    return readdir(folder);
}

static bool read_folder(const char *path, struct names *files)
{
    DIR *folder = opendir(path);
    bool is_read = folder != NULL;
    for (const struct dirent *entry; is_read && (entry = next(folder)) != NULL;) {
        if (is_file(folder, entry->d_name) && !is_record(entry->d_name)) is_read = add(files, entry->d_name);
    }
    is_read = is_read && errno == 0;
    if (!is_read) fprintf(stderr, "many: %s: %s\n", path, strerror(errno));
    if (folder != NULL) closedir(folder);
    return is_read;
}

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
    if (status != OSSUP_OK) fprintf(stderr, "many: %s\n", error == NULL ? "not ready" : ossup_error_message(error));
    ossup_error_free(error);
    ossup_config_free(config);
    return client;
}

/* Of its handle nothing is needed any more: the event of its end brings another one. */
static ossup_status start(const struct work *work, size_t place, const char *path, ossup_error **error)
{
    ossup_request *request = NULL;
    ossup_upload *upload = NULL;
    ossup_status status = ossup_request_new(&request);
    ossup_request_set_bucket_name(request, work->bucket);
    ossup_request_set_key(request, work->files.names[place]);
    ossup_request_set_upload_file(request, path);
    ossup_request_set_part_size(request, 0);
    ossup_request_set_enable_checkpoint(request, true);
    if (status == OSSUP_OK) status = ossup_upload_new(work->client, request, &upload, error);
    if (status == OSSUP_OK) status = ossup_upload_set_queue(upload, work->queue, place);
    if (status == OSSUP_OK) status = ossup_upload_start(upload, error);
    ossup_upload_free(upload);
    ossup_request_free(request);
    return status;
}

static void tell_failure(struct work *work, size_t place, ossup_status status, const ossup_error *error)
{
    const char *message = error == NULL ? "" : ossup_error_message(error);
    printf("%s: %s: %s\n", work->files.names[place], ossup_status_name(status), message);
    work->failed++;
}

static void start_all(struct work *work)
{
    for (size_t place = 0; place < work->files.count; place++) {
        ossup_error *error = NULL;
        size_t length = strlen(work->folder) + strlen(work->files.names[place]) + 2;
        char *path = malloc(length);
        ossup_status status = OSSUP_NO_RESOURCES;
        if (path != NULL) {
            snprintf(path, length, "%s/%s", work->folder, work->files.names[place]);
            status = start(work, place, path, &error);
        }
        if (status == OSSUP_OK) work->running++;
        else tell_failure(work, place, status, error);
        ossup_error_free(error);
        free(path);
    }
}

static void finish(struct work *work, const ossup_event *event)
{
    ossup_upload *upload = NULL;
    ossup_error *error = NULL;
    ossup_status status = ossup_event_upload(event, &upload);
    /* It is over: this returns at once. */
    if (status == OSSUP_OK) status = ossup_upload_wait(upload, -1, &error);
    if (status != OSSUP_OK) tell_failure(work, (size_t)ossup_event_tag(event), status, error);
    ossup_error_free(error);
    ossup_upload_free(upload);
    work->running--;
}

static void run(struct work *work)
{
    while (work->running > 0) {
        ossup_event *event = NULL;
        if (ossup_queue_next(work->queue, -1, &event) != OSSUP_OK) continue;
        if (ossup_event_get_kind(event) == OSSUP_EVENT_COMPLETE) finish(work, event);
        ossup_event_free(event);
    }
}

int main(int argc, char **argv)
{
    struct work work = {.queue = NULL};
    ossup_client *client = NULL;
    if (argc != 5) {
        fputs(USAGE, stderr);
        return EXIT_USAGE;
    }
    work.bucket = argv[3];
    work.folder = argv[4];
    bool is_ready = read_folder(work.folder, &work.files) && ossup_queue_new(&work.queue) == OSSUP_OK;
    if (is_ready) client = make_client(argv[1], argv[2]);
    work.client = client;
    if (client != NULL) {
        start_all(&work);
        run(&work);
        printf("%zu uploaded, %zu failed\n", work.files.count - work.failed, work.failed);
    }
    ossup_client_free(client);
    ossup_queue_free(work.queue);
    free_names(&work.files);
    return client == NULL || work.failed > 0 ? EXIT_FAILED : EXIT_DONE;
}
