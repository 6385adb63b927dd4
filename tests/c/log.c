/* The log: by a function and by a queue, what becomes of it when things are freed, and what is lost. */
#define _POSIX_C_SOURCE 200809L

#include "fixture.h"
#include "system.h"

#include <pthread.h>

/* What the function was told. Only the callback thread writes; others read once the library has let go of it. */
struct told {
    unsigned lines, about_uploads, after_release, releases, by_level[OSSUP_LOG_TRACE + 1];
    char last[256];
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t released;
};

static void on_log(ossup_log_level level, const char *message, ossup_upload *upload, void *user_data)
{
    struct told *told = user_data;
    ossup_progress progress = {.struct_size = sizeof progress};
    pthread_mutex_lock(&told->mutex);
    CHECK(level > OSSUP_LOG_OFF && level <= OSSUP_LOG_TRACE);
    CHECK(message[0] != '\0' && strchr(message, '\n') == NULL);
    CHECK(told->lines == 0 || pthread_equal(told->thread, pthread_self()));
    told->thread = pthread_self();
    told->lines++;
    told->by_level[level]++;
    told->after_release += told->releases;
    snprintf(told->last, sizeof told->last, "%s", message);
    if (upload != NULL) {
        told->about_uploads++;
        CHECK(strncmp(message, "upload ", 7) == 0);
        /* Any call but those that wait. */
        CHECK_STATUS(OSSUP_OK, ossup_upload_progress(upload, &progress));
        CHECK_STATUS(OSSUP_WOULD_DEADLOCK, ossup_upload_wait(upload, -1, NULL));
        CHECK_STATUS(OSSUP_WOULD_DEADLOCK, ossup_shutdown(0));
    }
    pthread_mutex_unlock(&told->mutex);
}

static void on_release(void *user_data)
{
    struct told *told = user_data;
    pthread_mutex_lock(&told->mutex);
    told->releases++;
    pthread_cond_signal(&told->released);
    pthread_mutex_unlock(&told->mutex);
}

static void init(struct told *told)
{
    memset(told, 0, sizeof *told);
    CHECK(pthread_mutex_init(&told->mutex, NULL) == 0 && pthread_cond_init(&told->released, NULL) == 0);
}

static void wait_for_release(struct told *told)
{
    pthread_mutex_lock(&told->mutex);
    while (told->releases == 0) pthread_cond_wait(&told->released, &told->mutex);
    CHECK(told->releases == 1 && told->after_release == 0);
    pthread_mutex_unlock(&told->mutex);
}

static ossup_queue *make_queue(void)
{
    ossup_queue *queue = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_queue_new(&queue));
    return queue;
}

/* The client of a config that is not needed any more. */
static ossup_client *client_of(ossup_config *config)
{
    ossup_client *client = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_client_new(config, &client, NULL));
    ossup_config_free(config);
    return client;
}

static ossup_client *client_with_queue(int32_t level, ossup_queue *queue, uint64_t tag)
{
    ossup_config *config = make_config();
    CHECK_STATUS(OSSUP_OK, ossup_config_set_log_queue(config, level, queue, tag));
    return client_of(config);
}

static ossup_event *next(ossup_queue *queue)
{
    ossup_event *event = NULL;
    return ossup_queue_next(queue, 0, &event) == OSSUP_OK ? event : NULL;
}

static void arguments(void)
{
    ossup_config *config = make_config();
    ossup_queue *queue = make_queue();
    struct told told;
    init(&told);
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_config_set_log(NULL, OSSUP_LOG_INFO, on_log, NULL, NULL));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_config_set_log_queue(NULL, OSSUP_LOG_INFO, queue, 0));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_config_set_log(config, 6, on_log, &told, on_release));
    CHECK_NAMES("log level", ossup_config_error(config));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_config_set_log(config, -1, on_log, &told, on_release));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_config_set_log(config, OSSUP_LOG_INFO, NULL, &told, on_release));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_config_set_log_queue(config, 6, queue, 0));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_config_set_log_queue(config, OSSUP_LOG_INFO, NULL, 0));
    ossup_config_free(config);
    /* What was refused is still the caller's. */
    CHECK(told.releases == 0);
    CHECK(ossup_event_log_level(NULL) == OSSUP_LOG_OFF && ossup_event_log_message(NULL) == NULL);
    ossup_queue_free(queue);
}

/* Each line comes once, on one thread; the data come back once, behind the last, when nobody can log any more. */
static void a_function_is_told_until_everything_is_freed(const char *file)
{
    struct told told;
    init(&told);
    ossup_config *config = make_config();
    CHECK_STATUS(OSSUP_OK, ossup_config_set_log(config, OSSUP_LOG_TRACE, on_log, &told, on_release));
    ossup_client *client = client_of(config);
    ossup_upload *upload = make_upload(client, "log/function", file, true);
    ossup_client_free(client);
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_wait(upload, -1, NULL));
    CHECK(told.releases == 0);
    ossup_upload_free(upload);
    wait_for_release(&told);
    CHECK(told.about_uploads > 10 && told.by_level[OSSUP_LOG_INFO] >= 4 && told.by_level[OSSUP_LOG_DEBUG] >= 5);
    CHECK(told.by_level[OSSUP_LOG_TRACE] >= 3 && told.by_level[OSSUP_LOG_ERROR] == 0);
    CHECK_NAMES("is done: 300000 bytes", told.last);
}

/* Data that no client uses come back with the config, or as soon as another log is set in their place. */
static void a_log_that_is_replaced_comes_back(void)
{
    struct told first, second;
    init(&first);
    init(&second);
    ossup_config *config = make_config();
    CHECK_STATUS(OSSUP_OK, ossup_config_set_log(config, OSSUP_LOG_INFO, on_log, &first, on_release));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_log(config, OSSUP_LOG_INFO, on_log, &second, on_release));
    wait_for_release(&first);
    ossup_config_free(config);
    wait_for_release(&second);
    CHECK(first.lines == 0 && second.lines == 0);
}

static void a_log_that_is_off_says_nothing(const char *file)
{
    struct told told;
    init(&told);
    ossup_config *config = make_config();
    CHECK_STATUS(OSSUP_OK, ossup_config_set_log_queue(config, OSSUP_LOG_OFF, NULL, 0));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_log(config, OSSUP_LOG_OFF, NULL, &told, on_release));
    ossup_client *client = client_of(config);
    ossup_request *request = make_request("log/off", file);
    CHECK_STATUS(OSSUP_OK, ossup_client_upload_file(client, request, NULL, NULL));
    ossup_request_free(request);
    ossup_client_free(client);
    wait_for_release(&told);
    CHECK(told.lines == 0);
}

static void stop(ossup_log_level level, const char *message, ossup_upload *upload, void *user_data)
{
    ossup_upload **own = user_data;
    (void)level;
    (void)message;
    if (upload == NULL || *own == NULL) return;
    CHECK_STATUS(OSSUP_OK, ossup_upload_abort(upload));
    ossup_upload_free(*own);
    *own = NULL;
}

/* The function may stop what it is told of, and free the host's handle. */
static void a_function_may_stop_what_it_is_told_of(const char *file)
{
    ossup_upload *upload = NULL, *own = NULL;
    ossup_config *config = make_config();
    CHECK_STATUS(OSSUP_OK, ossup_config_set_log(config, OSSUP_LOG_INFO, stop, &own, NULL));
    ossup_client *client = client_of(config);
    upload = make_upload(client, "log/stop", file, true);
    /* It would take minutes. */
    CHECK_STATUS(OSSUP_OK, ossup_upload_set_bandwidth_limit(upload, 1024));
    CHECK_STATUS(OSSUP_OK, ossup_upload_ref(upload, &own));
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    CHECK_STATUS(OSSUP_ABORTED, ossup_upload_wait(upload, -1, NULL));
    CHECK(own == NULL);
    ossup_upload_free(upload);
    ossup_client_free(client);
}

/* Lines and other events share a queue, in order; each getter keeps to its own kind. */
static void a_queue_has_the_lines(const char *file)
{
    ossup_queue *queue = make_queue();
    ossup_client *client = client_with_queue(OSSUP_LOG_INFO, queue, 77);
    ossup_upload *upload = make_upload(client, "log/queue", file, true);
    unsigned lines = 0, about_uploads = 0;
    bool complete = false;
    CHECK_STATUS(OSSUP_OK, ossup_upload_set_queue(upload, queue, 5));
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_wait(upload, -1, NULL));
    char last[256] = "";
    for (ossup_event *event; (event = next(queue)) != NULL; ossup_event_free(event)) {
        ossup_credentials_request *request = NULL;
        ossup_upload *about = NULL;
        ossup_progress progress = {.struct_size = sizeof progress};
        CHECK(!complete);
        CHECK_STATUS(OSSUP_INVALID_STATE, ossup_event_credentials(event, &request));
        if (ossup_event_get_kind(event) != OSSUP_EVENT_LOG) {
            CHECK(ossup_event_tag(event) == 5);
            CHECK(ossup_event_log_level(event) == OSSUP_LOG_OFF && ossup_event_log_message(event) == NULL);
            complete = ossup_event_get_kind(event) == OSSUP_EVENT_COMPLETE;
            continue;
        }
        lines++;
        CHECK(ossup_event_tag(event) == 77 && ossup_event_log_level(event) == OSSUP_LOG_INFO);
        const char *message = ossup_event_log_message(event);
        CHECK(message != NULL && strstr(message, "sk") == NULL);
        bool is_about_upload = strncmp(message, "upload ", 7) == 0;
        CHECK_STATUS(is_about_upload ? OSSUP_OK : OSSUP_INVALID_STATE, ossup_event_upload(event, &about));
        CHECK_STATUS(is_about_upload ? OSSUP_OK : OSSUP_INVALID_STATE, ossup_event_progress(event, &progress));
        about_uploads += is_about_upload;
        if (is_about_upload) snprintf(last, sizeof last, "%s", message);
        ossup_upload_free(about);
    }
    CHECK(complete && about_uploads >= 4 && lines > about_uploads);
    CHECK_NAMES("is done: 300000 bytes", last);
    ossup_upload_free(upload);
    ossup_client_free(client);
    ossup_queue_free(queue);
}

/* A line does not keep its upload; an event that was taken outlives queue and client. */
static void a_line_outlives_what_it_is_about(const char *file)
{
    ossup_queue *queue = make_queue();
    ossup_client *client = client_with_queue(OSSUP_LOG_INFO, queue, 0);
    ossup_upload *upload = make_upload(client, "log/gone", file, false);
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_wait(upload, -1, NULL));
    ossup_event *event = next(queue);
    ossup_progress progress = {.struct_size = sizeof progress};
    ossup_upload *about = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_event_upload(event, &about));
    ossup_upload_free(about);
    ossup_upload_free(upload);
    ossup_client_free(client);
    ossup_queue_free(queue);
    about = NULL;
    /* The task lets go of its upload a moment after it has ended. */
    while (ossup_event_upload(event, &about) == OSSUP_OK) ossup_upload_free(about);
    CHECK_STATUS(OSSUP_INVALID_STATE, ossup_event_upload(event, &about));
    CHECK_STATUS(OSSUP_INVALID_STATE, ossup_event_progress(event, &progress));
    CHECK_NAMES("begins", ossup_event_log_message(event));
    ossup_event_free(event);
}

/* Who takes events from a queue needs no other way to a client: questions, lines and ends come by one. */
static void one_queue_is_enough(const char *file)
{
    ossup_queue *queue = make_queue();
    ossup_config *config = make_bare_config();
    CHECK_STATUS(OSSUP_OK, ossup_config_add_credentials_queue(config, queue, 1));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_log_queue(config, OSSUP_LOG_TRACE, queue, 2));
    ossup_client *client = client_of(config);
    ossup_upload *upload = make_upload(client, "log/one-queue", file, false);
    CHECK_STATUS(OSSUP_OK, ossup_upload_set_queue(upload, queue, 3));
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    ossup_event_kind kind = OSSUP_EVENT_NONE;
    unsigned seen[OSSUP_EVENT_LOG + 1] = {0};
    while (kind != OSSUP_EVENT_COMPLETE) {
        ossup_event *event = NULL;
        ossup_credentials_request *request = NULL;
        CHECK_STATUS(OSSUP_OK, ossup_queue_next(queue, -1, &event));
        kind = ossup_event_get_kind(event);
        seen[kind]++;
        if (kind == OSSUP_EVENT_CREDENTIALS) {
            CHECK(ossup_event_log_level(event) == OSSUP_LOG_OFF && ossup_event_log_message(event) == NULL);
            CHECK_STATUS(OSSUP_OK, ossup_event_credentials(event, &request));
            CHECK_STATUS(OSSUP_OK, ossup_credentials_request_give(request, "ak", "sk", NULL, 0, NULL));
            ossup_credentials_request_free(request);
        }
        ossup_event_free(event);
    }
    CHECK(seen[OSSUP_EVENT_CREDENTIALS] == 1 && seen[OSSUP_EVENT_LOG] > 10 && seen[OSSUP_EVENT_COMPLETE] == 1);
    CHECK_STATUS(OSSUP_OK, ossup_upload_wait(upload, -1, NULL));
    ossup_upload_free(upload);
    ossup_client_free(client);
    ossup_queue_free(queue);
}

static void provide(ossup_credentials_request *request, void *user_data)
{
    (void)user_data;
    CHECK_STATUS(OSSUP_OK, ossup_credentials_request_give(request, "ak", "sk", NULL, 0, NULL));
    ossup_credentials_request_free(request);
}

/* Lines that wait do not keep the client that said them: what it was lent comes back. */
static void lines_that_wait_keep_no_client(const char *file)
{
    struct told lent;
    init(&lent);
    ossup_queue *queue = make_queue();
    ossup_config *config = make_bare_config();
    CHECK_STATUS(OSSUP_OK, ossup_config_add_credentials_provider(config, provide, &lent, on_release));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_log_queue(config, OSSUP_LOG_TRACE, queue, 0));
    ossup_client *client = client_of(config);
    ossup_request *request = make_request("log/waiting", file);
    CHECK_STATUS(OSSUP_OK, ossup_client_upload_file(client, request, NULL, NULL));
    ossup_request_free(request);
    ossup_client_free(client);
    wait_for_release(&lent);
    ossup_event *event = next(queue);
    CHECK_NAMES("begins", ossup_event_log_message(event));
    ossup_event_free(event);
    ossup_queue_free(queue);
}

static void a_queue_may_be_freed_first(const char *file)
{
    ossup_queue *queue = make_queue();
    ossup_client *client = client_with_queue(OSSUP_LOG_TRACE, queue, 0);
    ossup_queue_free(queue);
    ossup_request *request = make_request("log/freed", file);
    CHECK_STATUS(OSSUP_OK, ossup_client_upload_file(client, request, NULL, NULL));
    ossup_request_free(request);
    ossup_client_free(client);
}

/* Nobody takes them: there are no more than so many, and the last says how many more there were. */
static void what_nobody_takes_is_lost_and_counted(void)
{
    struct path nowhere = path_of("nowhere.bin");
    ossup_queue *queue = make_queue();
    ossup_client *client = client_with_queue(OSSUP_LOG_TRACE, queue, 0);
    ossup_request *request = make_request("log/nowhere", nowhere.text);
    /* Each begins and fails: two lines. */
    for (int i = 0; i < 520; i++) {
        CHECK_STATUS(OSSUP_SOURCE_UNREADABLE, ossup_client_upload_file(client, request, NULL, NULL));
    }
    unsigned lines = 0;
    for (ossup_event *event; (event = next(queue)) != NULL; ossup_event_free(event)) {
        lines++;
        CHECK(is_ready(queue, 0) == (lines <= 1024));
        ossup_log_level level = ossup_event_log_level(event);
        CHECK(level == (lines > 1024 ? OSSUP_LOG_WARN : lines % 2 == 0 ? OSSUP_LOG_ERROR : OSSUP_LOG_INFO));
        if (lines > 1024) CHECK_NAMES("16 lines were lost here", ossup_event_log_message(event));
    }
    CHECK(lines == 1025);
    CHECK_STATUS(OSSUP_SOURCE_UNREADABLE, ossup_client_upload_file(client, request, NULL, NULL));
    ossup_event *event = next(queue);
    CHECK_NAMES("begins", ossup_event_log_message(event));
    ossup_event_free(event);
    ossup_request_free(request);
    ossup_client_free(client);
    ossup_queue_free(queue);
}

int main(void)
{
    struct path file = make_file("log.bin", 300000);
    arguments();
    a_function_is_told_until_everything_is_freed(file.text);
    a_log_that_is_replaced_comes_back();
    a_log_that_is_off_says_nothing(file.text);
    a_function_may_stop_what_it_is_told_of(file.text);
    a_queue_has_the_lines(file.text);
    a_line_outlives_what_it_is_about(file.text);
    one_queue_is_enough(file.text);
    lines_that_wait_keep_no_client(file.text);
    a_queue_may_be_freed_first(file.text);
    what_nobody_takes_is_lost_and_counted();
    CHECK_STATUS(OSSUP_OK, ossup_shutdown(10000));
    return 0;
}
