/*
 * The driver that speaks C: does what a file says and reports what came of it, line by line.
 *
 * It reads from top to bottom: the order, what is told, the builders made of the order, and what can be done.
 */
#include <ossup.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { DONE = 0, UNABLE = 2, LONG_MS = 60000, PIECE = 30011 };

static const char BOOM[] = "listener: boom";

/* ---- the order ---- */

struct line {
    const char *name, *value;
};

static const char *const NAMES[] = {
    "act",    "endpoint", "region",   "access_key_id", "access_key_secret", "security_token", "bucket", "key",  "file",         "config",
    "option", "metadata", "tag",      "callback",      "deadline_ms",       "resume_token",   "count",  "give", "give_failure",
};

static struct line *lines;
static size_t line_count;

/* What this driver cannot do or does not understand. */
static void unable(const char *what, const char *why)
{
    fprintf(stderr, "%s: %s\n", what, why);
    exit(UNABLE);
}

/* All bytes of a file and a NUL behind them. */
static char *read_all(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    char *bytes = NULL;
    size_t room = 0, count = 1;
    *length = 0;
    if (file == NULL) unable(path, strerror(errno));
    while (count > 0) {
        if (room - *length < 2) bytes = realloc(bytes, room = 2 * room + 4096);
        if (bytes == NULL) unable(path, "no memory");
        count = fread(bytes + *length, 1, room - *length - 1, file);
        *length += count;
    }
    if (ferror(file)) unable(path, "it cannot be read");
    fclose(file);
    bytes[*length] = '\0';
    return bytes;
}

static bool is_known(const char *name)
{
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        if (strcmp(NAMES[i], name) == 0) return true;
    }
    return false;
}

/* Cuts a text in two at a space and returns what follows; "" where nothing does. */
static char *cut(char *text)
{
    char *space = strchr(text, ' ');
    if (space == NULL) return text + strlen(text);
    *space = '\0';
    return space + 1;
}

static void read_order(const char *path)
{
    size_t length;
    char *text = read_all(path, &length), *next;
    lines = calloc(length + 1, sizeof *lines);
    if (lines == NULL) unable(path, "no memory");
    for (; *text != '\0'; text = next) {
        char *end = strchr(text, '\n');
        next = end == NULL ? text + strlen(text) : end + 1;
        if (end != NULL) *end = '\0';
        const char *value = cut(text);
        if (!is_known(text)) unable(text, "there is no such line");
        lines[line_count++] = (struct line){text, value};
    }
}

static const char *get(const char *name)
{
    for (size_t i = 0; i < line_count; i++) {
        if (strcmp(lines[i].name, name) == 0) return lines[i].value;
    }
    return NULL;
}

static const char *needed(const char *name)
{
    const char *value = get(name);
    if (value == NULL) unable(name, "it is missing");
    return value;
}

static int64_t number(const char *name, const char *text)
{
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0') unable(name, "that is no number");
    return value;
}

/* The first word of a value, in memory of its own, and what follows it. */
static char *first_word(const char *value, const char **rest)
{
    char *word = malloc(strlen(value) + 1);
    if (word == NULL) unable(value, "no memory");
    strcpy(word, value);
    *rest = cut(word);
    return word;
}

/* ---- what is told ---- */

static void tell(const char *name, const char *value)
{
    if (value == NULL) return;
    printf("%s ", name);
    for (; *value != '\0'; value++) putchar(*value == '\n' ? ' ' : *value);
    putchar('\n');
    fflush(stdout);
}

static void tell_number(const char *name, uint64_t value)
{
    printf("%s %" PRIu64 "\n", name, value);
    fflush(stdout);
}

static void tell_nonzero(const char *name, uint64_t value)
{
    if (value != 0) tell_number(name, value);
}

static void tell_flag(const char *name, bool value)
{
    tell(name, value ? "true" : "false");
}

static void tell_cause(const ossup_error *error)
{
    if (error == NULL) return;
    tell_nonzero("http_status", ossup_error_http_status(error));
    tell("oss_code", ossup_error_oss_code(error));
    tell("request_id", ossup_error_request_id(error));
    tell("operation", ossup_error_operation(error));
    tell_nonzero("attempts", ossup_error_attempts(error));
    tell_flag("temporary", ossup_error_is_temporary(error));
    tell("message", ossup_error_message(error));
}

/* A call that failed, or an upload that could not be begun. The error is freed. */
static void tell_failure(ossup_status status, ossup_error *error)
{
    tell("ended", ossup_status_name(status));
    tell_cause(error);
    ossup_error_free(error);
}

static void tell_result(const ossup_upload *upload)
{
    ossup_result *result = NULL;
    ossup_error *error = NULL;
    ossup_status status = ossup_upload_result(upload, &result);
    size_t length = 0;
    if (status != OSSUP_OK) {
        tell_failure(status, NULL);
        return;
    }
    ossup_result_error(result, &error);
    tell_failure(ossup_result_status(result), error);
    tell_flag("resumed", ossup_result_is_resumed(result));
    if (*ossup_result_reason(result) != '\0') tell("reason", ossup_result_reason(result));
    tell_flag("resumable", ossup_result_is_resumable(result));
    tell_number("parts_total", ossup_result_parts_total(result));
    tell_number("parts_reused", ossup_result_parts_reused(result));
    tell_number("parts_sent", ossup_result_parts_sent(result));
    tell_number("bytes_total", ossup_result_bytes_total(result));
    tell("etag", ossup_result_etag(result));
    if (ossup_result_status(result) == OSSUP_OK) tell_number("crc64", ossup_result_crc64(result));
    const uint8_t *body = ossup_result_callback_body(result, &length);
    if (body != NULL) printf("callback_body %.*s\n", (int)length, (const char *)body);
    tell("warning", ossup_result_warning(result));
    ossup_result_free(result);
}

/* ---- a listener, a provider, a logger: called by the library, on threads of its own ---- */

enum habit { LISTENS, PAUSES, FAILS };

struct listener {
    enum habit habit;
    uint32_t calls, back;
    ossup_progress last;
    const char *failure;
};

static void on_progress(ossup_upload *upload, const ossup_progress *progress, void *user_data)
{
    struct listener *listener = user_data;
    ossup_progress last = listener->last;
    listener->calls++;
    if (progress->bytes_confirmed < last.bytes_confirmed || progress->phase < last.phase) listener->back++;
    listener->last = *progress;
    bool fails = listener->habit == FAILS && listener->failure == NULL;
    if (fails) listener->failure = BOOM;
    if (fails || (listener->habit == PAUSES && progress->bytes_confirmed > 0)) ossup_upload_pause(upload);
}

static void tell_heard(const struct listener *listener)
{
    static const char *const PHASES[] = {"PREPARING", "UPLOADING", "COMPLETING", "DONE"};
    tell_number("progress_calls", listener->calls);
    printf("progress_last %" PRIu64 " %" PRIu64 "\n", listener->last.bytes_confirmed, listener->last.bytes_total);
    tell_number("progress_back", listener->back);
    tell("progress_phase", PHASES[listener->last.phase]);
    tell("raised", listener->failure);
}

static uint32_t questions;

static const struct line *next_answer(void)
{
    const struct line *last = NULL;
    uint32_t passed = 0;
    for (size_t i = 0; i < line_count && passed <= questions; i++) {
        if (strncmp(lines[i].name, "give", 4) != 0) continue;
        last = &lines[i];
        passed++;
    }
    return last;
}

static void on_question(ossup_credentials_request *request, void *user_data)
{
    const struct line *answer = next_answer();
    const char *secret, *token, *seconds;
    (void)user_data;
    questions++;
    if (strcmp(answer->name, "give_failure") == 0) {
        ossup_credentials_request_fail(request, answer->value, false);
    } else {
        char *id = first_word(answer->value, &secret);
        char *secret_alone = first_word(secret, &token), *token_alone = first_word(token, &seconds);
        bool ends = strcmp(seconds, "-") != 0;
        int64_t end = ends ? (int64_t)time(NULL) + number("give", seconds) : 0;
        ossup_credentials_request_give(request, id, secret_alone, strcmp(token_alone, "-") == 0 ? NULL : token_alone, end, NULL);
        free(token_alone);
        free(secret_alone);
        free(id);
    }
    ossup_credentials_request_free(request);
}

static uint32_t log_lines, log_secrets;

static void on_log(ossup_log_level level, const char *message, ossup_upload *upload, void *user_data)
{
    (void)level, (void)upload;
    log_lines++;
    if (strstr(message, user_data) != NULL) log_secrets++;
}

/* ---- builders: setters go unchecked, as what uses them tells the first that was refused ---- */

static ossup_status make_client(ossup_client **client, ossup_error **error)
{
    ossup_config *config = NULL;
    const char *value;
    ossup_status status = ossup_config_new(&config);
    ossup_config_set_endpoint(config, needed("endpoint"));
    ossup_config_set_region(config, needed("region"));
    ossup_config_set_path_style(config, true);
    if (get("give") != NULL || get("give_failure") != NULL) {
        ossup_config_add_credentials_provider(config, on_question, NULL, NULL);
    } else if (get("access_key_id") != NULL) {
        ossup_config_set_credentials(config, get("access_key_id"), needed("access_key_secret"), get("security_token"));
    }
    for (size_t i = 0; i < line_count; i++) {
        if (strcmp(lines[i].name, "config") != 0) continue;
        char *name = first_word(lines[i].value, &value);
        ossup_config_set_option(config, name, value);
        free(name);
    }
    if (strcmp(needed("act"), "log") == 0) {
        ossup_config_set_log(config, OSSUP_LOG_TRACE, on_log, (void *)needed("access_key_secret"), NULL);
    }
    if (status == OSSUP_OK) status = ossup_client_new(config, client, error);
    ossup_config_free(config);
    return status;
}

typedef ossup_status (*setter)(ossup_request *request, const char *name, const char *value);

static ossup_request *make_request(void)
{
    static const struct {
        const char *name;
        setter set;
    } PAIRS[] = {
        {"option", ossup_request_set_option},
        {"metadata", ossup_request_add_user_metadata},
        {"tag", ossup_request_add_tag},
        {"callback", ossup_request_set_callback},
    };
    ossup_request *request = NULL;
    const char *value;
    if (ossup_request_new(&request) != OSSUP_OK) unable("request", "none can be made");
    ossup_request_set_bucket_name(request, needed("bucket"));
    ossup_request_set_key(request, needed("key"));
    ossup_request_set_upload_file(request, needed("file"));
    for (size_t i = 0; i < line_count; i++) {
        for (size_t j = 0; j < sizeof PAIRS / sizeof *PAIRS; j++) {
            if (strcmp(lines[i].name, PAIRS[j].name) != 0) continue;
            char *name = first_word(lines[i].value, &value);
            PAIRS[j].set(request, name, value);
            free(name);
        }
    }
    if (get("deadline_ms") != NULL) ossup_request_set_deadline_ms(request, (uint64_t)number("deadline_ms", get("deadline_ms")));
    if (get("resume_token") != NULL) ossup_request_set_resume_token(request, get("resume_token"));
    return request;
}

/* ---- one upload: begun, treated in some way, waited for, told ---- */

/* Waits until something was confirmed, or all is over. */
static void wait_for_bytes(const ossup_queue *queue)
{
    for (bool waits = true; waits;) {
        ossup_event *event = NULL;
        ossup_progress progress = {.struct_size = sizeof progress};
        if (ossup_queue_next(queue, -1, &event) != OSSUP_OK) continue;
        ossup_event_progress(event, &progress);
        waits = progress.bytes_confirmed == 0 && ossup_event_get_kind(event) != OSSUP_EVENT_COMPLETE;
        ossup_event_free(event);
    }
}

struct scene {
    ossup_client *client;
    ossup_upload *upload;
    ossup_queue *queue;
};

typedef void (*treatment)(struct scene *scene);

static ossup_status begin(struct scene *scene, const ossup_request *request, struct listener *listener, ossup_error **error)
{
    ossup_status status = ossup_upload_new(scene->client, request, &scene->upload, error);
    if (status == OSSUP_OK) status = ossup_queue_new(&scene->queue);
    if (status == OSSUP_OK) status = ossup_upload_set_queue(scene->upload, scene->queue, 0);
    if (status == OSSUP_OK) status = ossup_upload_set_listener(scene->upload, on_progress, NULL, listener, NULL);
    if (status == OSSUP_OK) status = ossup_upload_start(scene->upload, error);
    return status;
}

static void one(ossup_client *client, ossup_request *request, enum habit habit, treatment treat)
{
    struct listener listener = {.habit = habit};
    struct scene scene = {.client = client};
    ossup_error *error = NULL;
    ossup_status status = begin(&scene, request, &listener, &error);
    ossup_request_free(request);
    if (status == OSSUP_OK) {
        if (treat != NULL) treat(&scene);
        ossup_upload_wait(scene.upload, -1, NULL);
        tell_result(scene.upload);
        tell_heard(&listener);
    } else {
        tell_failure(status, error);
    }
    ossup_upload_free(scene.upload);
    ossup_queue_free(scene.queue);
}

static void pause_it(struct scene *scene)
{
    wait_for_bytes(scene->queue);
    ossup_upload_pause(scene->upload);
}

static void abort_it(struct scene *scene)
{
    wait_for_bytes(scene->queue);
    ossup_upload_abort(scene->upload);
}

static void export_it(struct scene *scene)
{
    ossup_resume_token *token = NULL;
    wait_for_bytes(scene->queue);
    ossup_upload_resume_token(scene->upload, &token, NULL);
    ossup_upload_pause(scene->upload);
    tell("resume_token", ossup_resume_token_text(token));
    ossup_resume_token_free(token);
}

static void close_it(struct scene *scene)
{
    wait_for_bytes(scene->queue);
    ossup_client_shutdown(scene->client, LONG_MS);
}

/* ---- sources that are no file ---- */

static void upload_memory(ossup_client *client)
{
    size_t length;
    char *bytes = read_all(needed("file"), &length);
    ossup_request *request = make_request();
    ossup_request_set_upload_memory(request, bytes, length, bytes, free);
    one(client, request, LISTENS, NULL);
}

/* An upload that fails meanwhile says so at its end. */
static void push(struct scene *scene, bool fails)
{
    size_t length;
    char *bytes = read_all(needed("file"), &length);
    size_t there = fails ? length / 2 : length, at = 0;
    ossup_status status = OSSUP_OK;
    while (status == OSSUP_OK && at < there) {
        size_t piece = there - at < PIECE ? there - at : PIECE;
        status = ossup_upload_write(scene->upload, bytes + at, piece, -1, NULL, NULL);
        at += piece;
    }
    free(bytes);
    if (fails) {
        tell("raised", "source: boom");
        ossup_upload_abort(scene->upload);
    } else if (status == OSSUP_OK) {
        ossup_upload_finish(scene->upload, NULL);
    }
}

static void push_all(struct scene *scene)
{
    push(scene, false);
}

static void push_half(struct scene *scene)
{
    push(scene, true);
}

static void upload_stream(ossup_client *client, bool sized, treatment treat)
{
    size_t length;
    free(read_all(needed("file"), &length));
    ossup_request *request = make_request();
    ossup_request_set_upload_stream(request, sized ? length : OSSUP_UNKNOWN_SIZE);
    one(client, request, LISTENS, treat);
}

/* ---- more than one upload, or less ---- */

static void free_early(ossup_client *client)
{
    struct listener listener = {.habit = LISTENS};
    struct scene scene = {.client = client};
    ossup_request *request = make_request();
    ossup_error *error = NULL;
    ossup_status status = begin(&scene, request, &listener, &error);
    ossup_request_free(request);
    if (status == OSSUP_OK) wait_for_bytes(scene.queue);
    ossup_upload_free(scene.upload);
    ossup_queue_free(scene.queue);
    ossup_client_shutdown(client, LONG_MS);
    if (status == OSSUP_OK) tell("freed", "");
    else tell_failure(status, error);
}

/* Starts them all, and tells of each when it ends. */
static void together(ossup_client *client, uint32_t count, bool same_key)
{
    ossup_queue *queue = NULL;
    uint32_t running = 0;
    if (ossup_queue_new(&queue) != OSSUP_OK) unable("queue", "none can be made");
    for (uint32_t i = 0; i < count; i++) {
        char key[2048];
        ossup_request *request = make_request();
        ossup_upload *upload = NULL;
        ossup_error *error = NULL;
        snprintf(key, sizeof key, "%s-%" PRIu32, needed("key"), i);
        if (!same_key) ossup_request_set_key(request, key);
        ossup_status status = ossup_upload_new(client, request, &upload, &error);
        if (status == OSSUP_OK) status = ossup_upload_set_queue(upload, queue, i);
        if (status == OSSUP_OK) status = ossup_upload_start(upload, &error);
        if (status == OSSUP_OK) running++;
        else tell_failure(status, error);
        ossup_upload_free(upload);
        ossup_request_free(request);
    }
    while (running > 0) {
        ossup_event *event = NULL;
        ossup_upload *upload = NULL;
        if (ossup_queue_next(queue, -1, &event) != OSSUP_OK) continue;
        if (ossup_event_get_kind(event) == OSSUP_EVENT_COMPLETE && ossup_event_upload(event, &upload) == OSSUP_OK) {
            tell_result(upload);
            running--;
        }
        ossup_upload_free(upload);
        ossup_event_free(event);
    }
    ossup_queue_free(queue);
}

static ossup_status abort_incomplete(ossup_client *client, ossup_error **error)
{
    ossup_incomplete_uploads *uploads = NULL;
    const char *bucket = needed("bucket");
    ossup_status status = ossup_client_list_incomplete_uploads(client, bucket, NULL, 0, &uploads, error);
    for (size_t i = 0; status == OSSUP_OK && i < ossup_incomplete_uploads_count(uploads); i++) {
        const char *key = ossup_incomplete_uploads_key(uploads, i);
        tell("incomplete", key);
        status = ossup_client_abort_incomplete_upload(client, bucket, key, ossup_incomplete_uploads_upload_id(uploads, i), error);
    }
    ossup_incomplete_uploads_free(uploads);
    uploads = NULL;
    if (status == OSSUP_OK) status = ossup_client_list_incomplete_uploads(client, bucket, NULL, 0, &uploads, error);
    if (status == OSSUP_OK) tell_number("incomplete_left", ossup_incomplete_uploads_count(uploads));
    ossup_incomplete_uploads_free(uploads);
    return status;
}

static ossup_status delete_record(ossup_error **error)
{
    static const char *const STATES[] = {"BLANK", "UPLOADING", "COMPLETING", "DAMAGED", "TOO_NEW"};
    ossup_record *record = NULL;
    ossup_status status = ossup_record_read(needed("file"), &record, error);
    if (status != OSSUP_OK) return status;
    const char *bucket = ossup_record_bucket_name(record), *key = ossup_record_key(record);
    printf("record %s %s %" PRIu32 " %" PRIu32 " %s\n", STATES[ossup_record_get_state(record)], bucket == NULL ? "" : bucket,
           ossup_record_parts_confirmed(record), ossup_record_parts_total(record), key == NULL ? "" : key);
    ossup_record_free(record);
    return ossup_record_delete(needed("file"), error);
}

/* ---- all of it ---- */

static void act(const char *what, ossup_client *client)
{
    ossup_error *error = NULL;
    if (strcmp(what, "upload") == 0 || strcmp(what, "log") == 0) one(client, make_request(), LISTENS, NULL);
    else if (strcmp(what, "pause") == 0) one(client, make_request(), LISTENS, pause_it);
    else if (strcmp(what, "pause_in_progress") == 0) one(client, make_request(), PAUSES, NULL);
    else if (strcmp(what, "listener_fails") == 0) one(client, make_request(), FAILS, NULL);
    else if (strcmp(what, "abort") == 0) one(client, make_request(), LISTENS, abort_it);
    else if (strcmp(what, "export") == 0) one(client, make_request(), LISTENS, export_it);
    else if (strcmp(what, "memory") == 0) upload_memory(client);
    else if (strcmp(what, "stream") == 0) upload_stream(client, false, push_all);
    else if (strcmp(what, "stream_sized") == 0) upload_stream(client, true, push_all);
    else if (strcmp(what, "stream_failing") == 0) upload_stream(client, false, push_half);
    else if (strcmp(what, "free_early") == 0) free_early(client);
    else if (strcmp(what, "twice") == 0) together(client, 2, true);
    else if (strcmp(what, "together") == 0) together(client, (uint32_t)number("count", needed("count")), false);
    else if (strcmp(what, "incomplete") == 0) tell_failure(abort_incomplete(client, &error), error);
    else if (strcmp(what, "record") == 0) tell_failure(delete_record(&error), error);
    else if (strcmp(what, "close_client") == 0) {
        one(client, make_request(), LISTENS, close_it);
        one(client, make_request(), LISTENS, NULL);
    } else unable(what, "there is no such act");
}

int main(int argc, char **argv)
{
    ossup_client *client = NULL;
    ossup_error *error = NULL;
    if (argc != 2) unable("usage", "driver FILE");
    read_order(argv[1]);
    const char *what = needed("act");
    ossup_status status = make_client(&client, &error);
    if (status == OSSUP_OK) act(what, client);
    else tell_failure(status, error);
    ossup_client_shutdown(client, LONG_MS);
    if (get("give") != NULL || get("give_failure") != NULL) tell_number("questions", questions);
    if (strcmp(what, "log") == 0) {
        tell_number("log_lines", log_lines);
        tell_number("log_secret", log_secrets);
    }
    ossup_client_free(client);
#ifdef _WIN32
    /* Wine 8 may hang when a process ends while threads of it wait for sockets. */
    ossup_shutdown(LONG_MS);
#endif
    return DONE;
}
