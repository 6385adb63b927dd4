/* The process ends while parts of SLOW are on their way, in the way that the first argument says: at once, and with the exit
 * code that was asked for. The others are the plugin and the file to send. */
#include "loading.h"

#include <process.h>

#define SLOW "windows/slow"
enum { EXIT_CODE = 77 };

static ossup_client *client;
static ossup_request *request;
static ossup_upload *upload;
static ossup_queue *queue;

static void on_progress(ossup_upload *told, const ossup_progress *progress, void *user_data)
{
    (void)told;
    if (user_data != NULL && progress->parts_confirmed > 0) exit(EXIT_CODE);
}

/* Returns when a part is confirmed and others are on their way. */
static void start(const char *file, void *exits_in_a_callback)
{
    ossup_progress progress = {.struct_size = sizeof progress};
    client = make_client();
    request = make_request(SLOW, file);
    CHECK(CALL(ossup_request_set_task_num)(request, 4) == OSSUP_OK);
    CHECK(CALL(ossup_queue_new)(&queue) == OSSUP_OK);
    CHECK(CALL(ossup_upload_new)(client, request, &upload, NULL) == OSSUP_OK);
    CHECK(CALL(ossup_upload_set_queue)(upload, queue, 0) == OSSUP_OK);
    CHECK(CALL(ossup_upload_set_listener)(upload, on_progress, NULL, exits_in_a_callback, NULL) == OSSUP_OK);
    CHECK(CALL(ossup_upload_start)(upload, NULL) == OSSUP_OK);
    while (exits_in_a_callback != NULL || progress.parts_confirmed == 0) {
        ossup_event *event = NULL;
        CHECK(CALL(ossup_queue_next)(queue, -1, &event) == OSSUP_OK);
        CHECK(CALL(ossup_event_get_kind)(event) == OSSUP_EVENT_PROGRESS);
        CHECK(CALL(ossup_upload_progress)(upload, &progress) == OSSUP_OK);
        CALL(ossup_event_free)(event);
    }
}

static unsigned WINAPI exit_here(void *nothing)
{
    (void)nothing;
    exit(EXIT_CODE);
}

static void exit_in_another_thread(void)
{
    CHECK(_beginthreadex(NULL, 0, exit_here, NULL, 0, NULL) != 0);
    CALL(ossup_upload_wait)(upload, -1, NULL);
    CHECK(!"the upload is over before the process");
}

/* The threads are gone, and with them whatever would have answered: every function says so at once. The exit code is settled by
 * then, so what was called is told. */
static void call_everything(void)
{
    ossup_client *other = NULL;
    ossup_upload *late = NULL;
    ossup_event *event = NULL;
    ossup_result *result = NULL;
    ossup_error *error = NULL;
    ossup_progress progress = {.struct_size = sizeof progress};
    ossup_config *config = NULL;
    CHECK(CALL(ossup_upload_progress)(upload, &progress) == OSSUP_SHUT_DOWN);
    CHECK(CALL(ossup_upload_pause)(upload) == OSSUP_SHUT_DOWN);
    CHECK(CALL(ossup_upload_abort)(upload) == OSSUP_SHUT_DOWN);
    CHECK(!CALL(ossup_upload_is_done)(upload));
    CHECK(CALL(ossup_upload_wait)(upload, -1, &error) == OSSUP_SHUT_DOWN);
    CHECK(strstr(CALL(ossup_error_message)(error), "the process is ending") != NULL);
    CALL(ossup_error_free)(error);
    CHECK(CALL(ossup_upload_result)(upload, &result) == OSSUP_SHUT_DOWN);
    CHECK(CALL(ossup_upload_set_bandwidth_limit)(upload, 0) == OSSUP_SHUT_DOWN);
    CHECK(CALL(ossup_queue_next)(queue, -1, &event) == OSSUP_SHUT_DOWN);
    CHECK(CALL(ossup_queue_wake)(queue) == OSSUP_SHUT_DOWN);
    CHECK(CALL(ossup_config_new)(&config) == OSSUP_OK);
    CHECK(CALL(ossup_client_new)(config, &other, NULL) == OSSUP_SHUT_DOWN);
    CHECK(CALL(ossup_upload_new)(client, request, &late, NULL) == OSSUP_SHUT_DOWN);
    CHECK(CALL(ossup_client_upload_file)(client, request, NULL, NULL) == OSSUP_SHUT_DOWN);
    CHECK(CALL(ossup_client_shutdown)(client, -1) == OSSUP_SHUT_DOWN);
    CHECK(CALL(ossup_shutdown)(-1) == OSSUP_SHUT_DOWN);
    CALL(ossup_config_free)(config);
    CALL(ossup_upload_free)(upload);
    CALL(ossup_queue_free)(queue);
    CALL(ossup_request_free)(request);
    CALL(ossup_client_free)(client);
    fputs("called\n", stderr);
}

/* What is set up later is taken down earlier. */
static void load_plugin(const char *path)
{
    HMODULE plugin = LoadLibraryA(path);
    CHECK(plugin != NULL);
    void (*call_at_the_end)(void (*)(void)) =
        (void (*)(void (*)(void)))(void (*)(void))GetProcAddress(plugin, "call_at_the_end");
    CHECK(call_at_the_end != NULL);
    call_at_the_end(call_everything);
}

int main(int count, char **arguments)
{
    CHECK(count == 4);
    const char *way = arguments[1], *plugin = arguments[2];
    bool is_after_the_library = strcmp(way, "in a plugin, after the library") == 0;
    if (is_after_the_library) load_plugin(plugin);
    load_library();
    bool is_before_the_library = strcmp(way, "in a plugin, before the library") == 0;
    if (is_before_the_library) load_plugin(plugin);
    start(arguments[3], strcmp(way, "exit in a callback") == 0 ? &client : NULL);
    if (is_before_the_library || is_after_the_library || strcmp(way, "return") == 0) return EXIT_CODE;
    if (strcmp(way, "exit") == 0) exit(EXIT_CODE);
    if (strcmp(way, "ExitProcess") == 0) ExitProcess(EXIT_CODE);
    if (strcmp(way, "TerminateProcess") == 0) TerminateProcess(GetCurrentProcess(), EXIT_CODE);
    if (strcmp(way, "exit in another thread") == 0) exit_in_another_thread();
    return 1;
}
