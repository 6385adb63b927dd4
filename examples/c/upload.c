/*
 * upload: puts one file into an OSS bucket, in parts, and goes on where it stopped when it is run again.
 *
 * It reads from top to bottom: the command line fills two builders, a client makes an upload of them, the
 * main loop waits and draws, and the result is told in words or as JSON.
 */
#define _POSIX_C_SOURCE 200809L

#include <ossup.h>

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_PAUSED = 3, EXIT_RESUMABLE = 4, EXIT_NOT_YET = -1 };

static const char HELP[] =
    "Usage: upload [options] FILE oss://BUCKET/KEY\n"
    "\n"
    "Uploads FILE in parts. When it was interrupted, the same command sends only what is missing.\n"
    "\n"
    "Where to:\n"
    "  --region R            cn-hangzhou, for example\n"
    "  --endpoint URL        where the region is not reached by its public endpoint\n"
    "  --path-style          address the bucket by path, not by host name\n"
    "  --signature v1|v4     how requests are signed (v4)\n"
    "  --ca FILE             trust the PEM certificates in FILE\n"
    "  --proxy URL           go through this proxy (by the environment: https_proxy, ...)\n"
    "  --ecs-role[=NAME]     where the environment has no credentials, use the ECS instance's RAM role\n"
    "How:\n"
    "  --task-num N|auto     parts in flight at once (4)\n"
    "  --part-size BYTES|auto\n"
    "                        size of a part (auto)\n"
    "  --checkpoint[=FILE]   keep the record of the upload in FILE (FILE.ucp beside the source)\n"
    "  --checkpoint-dir DIR  keep the record in DIR, under a name of its own\n"
    "  --no-checkpoint       keep no record; an interrupted upload starts again\n"
    "  --recover             where there is no record, look on the server for what was sent\n"
    "  --verify-reused-parts read again what an earlier run sent, and compare\n"
    "  --timeout S           try a request again when nothing moved for S seconds (30)\n"
    "What the object gets:\n"
    "  --acl A               default, private, public-read or public-read-write\n"
    "  --content-type T\n"
    "  --header 'N: V'       a request header; may be repeated\n"
    "  --meta K=V            user metadata; may be repeated\n"
    "  --callback URL        have OSS call URL when the object is there, with\n"
    "  --callback-body B     this body\n"
    "  --forbid-overwrite    fail when the object exists\n"
    "What is told:\n"
    "  --json                print the result as one line of JSON on stdout\n"
    "  --quiet               print errors only\n"
    "  --help, --version\n"
    "\n"
    "Credentials come from OSS_ACCESS_KEY_ID, OSS_ACCESS_KEY_SECRET and, where there is one, OSS_SESSION_TOKEN, or from\n"
    "the ALIBABA_CLOUD_ variables of the same meaning.\n"
    "Ctrl-C pauses. Exit status: 0 done, 1 failed, 2 bad usage, 3 paused, 4 failed but can go on.\n";

/* What the command line says: most of it goes straight into the library's builders. */
struct command {
    ossup_config *config;
    ossup_request *request;
    const char *callback, *callback_body;
    bool quiet, json, no_checkpoint;
};

/* What the progress display remembers between two looks. */
struct meter {
    bool terminal, drawn;
    int told_percent;
    double told_at, began_at, measured_at, measured_bytes, bytes_per_second;
};

static volatile sig_atomic_t stop_wanted;

/* ---- the command line ---- */

static bool stdout_failed(void)
{
    return fflush(stdout) != 0 || ferror(stdout);
}

static int bad_usage(const char *complaint)
{
    fprintf(stderr, "upload: %s\nTry 'upload --help'.\n", complaint);
    return EXIT_USAGE;
}

static int bad_value(const char *wanted, const char *value)
{
    fprintf(stderr, "upload: %s, not '%s'\nTry 'upload --help'.\n", wanted, value);
    return EXIT_USAGE;
}

static bool parse_number(const char *text, uint64_t largest, uint64_t *number)
{
    char *end;
    if (*text < '0' || *text > '9') return false;
    errno = 0;
    *number = strtoull(text, &end, 10);
    return errno == 0 && *end == '\0' && *number <= largest;
}

/* "auto" is the library's 0: the choice is left to it. */
static bool parse_number_or_auto(const char *text, uint64_t largest, uint64_t *number)
{
    *number = 0;
    return strcmp(text, "auto") == 0 || (parse_number(text, largest, number) && *number != 0);
}

/* Cuts "name<separator>value" in two in place and returns the value; NULL when there is no separator or no name. */
static char *cut(char *pair, char separator)
{
    char *at = strchr(pair, separator);
    if (at == NULL || at == pair) return NULL;
    *at = '\0';
    return at + 1;
}

/* A setter's refusal is not looked at here: the builder keeps the first one, and parse_command asks for it. */
static int apply_option(struct command *command, int option, char *value)
{
    ossup_config *config = command->config;
    ossup_request *request = command->request;
    uint64_t number;
    char *second;
    switch (option) {
    case 'e': ossup_config_set_endpoint(config, value); break;
    case 'r': ossup_config_set_region(config, value); break;
    case 'p': ossup_config_set_path_style(config, true); break;
    case 'v':
        if (strcmp(value, "v1") == 0) ossup_config_set_signature_version(config, OSSUP_SIGNATURE_V1);
        else if (strcmp(value, "v4") == 0) ossup_config_set_signature_version(config, OSSUP_SIGNATURE_V4);
        else return bad_value("--signature is v1 or v4", value);
        break;
    case 'a': ossup_config_set_ca_file(config, value); break;
    case 'P': ossup_config_set_proxy(config, value); break;
    case 'R': ossup_config_add_ecs_ram_role(config, value); break;
    case 'n':
        if (!parse_number_or_auto(value, UINT32_MAX, &number)) return bad_value("--task-num is N or auto", value);
        ossup_request_set_task_num(request, (uint32_t)number);
        break;
    case 's':
        if (!parse_number_or_auto(value, UINT64_MAX, &number)) return bad_value("--part-size is BYTES or auto", value);
        ossup_request_set_part_size(request, number);
        break;
    case 't':
        if (!parse_number(value, UINT32_MAX, &number)) return bad_value("--timeout is in seconds", value);
        ossup_config_set_idle_timeout_ms(config, number * 1000);
        break;
    case 'c':
        ossup_request_set_enable_checkpoint(request, true);
        if (value != NULL) ossup_request_set_checkpoint_file(request, value);
        break;
    case 'd': ossup_request_set_checkpoint_dir(request, value); break;
    case 'C':
        ossup_request_set_enable_checkpoint(request, false);
        command->no_checkpoint = true;
        break;
    case 'o': ossup_request_set_recover(request, true); break;
    case 'w': ossup_request_set_verify_reused_parts(request, true); break;
    case 'A': ossup_request_set_object_acl(request, value); break;
    case 'T': ossup_request_set_content_type(request, value); break;
    case 'H':
        if ((second = cut(value, ':')) == NULL) return bad_value("--header is 'N: V'", value);
        ossup_request_set_header(request, value, second + strspn(second, " \t"));
        break;
    case 'm':
        if ((second = cut(value, '=')) == NULL) return bad_value("--meta is K=V", value);
        ossup_request_add_user_metadata(request, value, second);
        break;
    case 'b': command->callback = value; break;
    case 'B': command->callback_body = value; break;
    case 'f': ossup_request_set_forbid_overwrite(request, true); break;
    case 'j': command->json = true; break;
    case 'q': command->quiet = true; break;
    case 'h':
        fputs(HELP, stdout);
        return stdout_failed() ? EXIT_FAILED : EXIT_DONE;
    case 'V':
        printf("upload (ossup %s)\n", ossup_version());
        return stdout_failed() ? EXIT_FAILED : EXIT_DONE;
    default: return bad_usage("an option is unknown or incomplete"); /* getopt_long has named the one */
    }
    return EXIT_NOT_YET;
}

static int parse_options(struct command *command, int argc, char **argv)
{
    static const struct option OPTIONS[] = {
        {"endpoint", required_argument, NULL, 'e'},     {"region", required_argument, NULL, 'r'},
        {"path-style", no_argument, NULL, 'p'},         {"signature", required_argument, NULL, 'v'},
        {"ca", required_argument, NULL, 'a'},           {"proxy", required_argument, NULL, 'P'},
        {"ecs-role", optional_argument, NULL, 'R'},     {"task-num", required_argument, NULL, 'n'},
        {"part-size", required_argument, NULL, 's'},    {"timeout", required_argument, NULL, 't'},
        {"checkpoint", optional_argument, NULL, 'c'},   {"no-checkpoint", no_argument, NULL, 'C'},
        {"checkpoint-dir", required_argument, NULL, 'd'}, {"recover", no_argument, NULL, 'o'},
        {"verify-reused-parts", no_argument, NULL, 'w'}, {"acl", required_argument, NULL, 'A'},
        {"content-type", required_argument, NULL, 'T'}, {"header", required_argument, NULL, 'H'},
        {"meta", required_argument, NULL, 'm'},         {"callback", required_argument, NULL, 'b'},
        {"callback-body", required_argument, NULL, 'B'}, {"forbid-overwrite", no_argument, NULL, 'f'},
        {"json", no_argument, NULL, 'j'},               {"quiet", no_argument, NULL, 'q'},
        {"help", no_argument, NULL, 'h'},               {"version", no_argument, NULL, 'V'},
        {NULL, 0, NULL, 0},
    };
    int option;
    while ((option = getopt_long(argc, argv, "", OPTIONS, NULL)) != -1) {
        int code = apply_option(command, option, optarg);
        if (code != EXIT_NOT_YET) return code;
    }
    return EXIT_NOT_YET;
}

static int parse_places(struct command *command, int argc, char **argv)
{
    if (argc - optind != 2) return bad_usage("needed are a FILE and an oss://BUCKET/KEY");
    char *file = argv[optind], *object = argv[optind + 1];
    char *bucket = object + strlen("oss://");
    char *key = strncmp(object, "oss://", strlen("oss://")) == 0 ? cut(bucket, '/') : NULL;
    if (key == NULL) return bad_value("the target is an oss://BUCKET/KEY", object);
    ossup_request_set_upload_file(command->request, file);
    ossup_request_set_bucket_name(command->request, bucket);
    ossup_request_set_key(command->request, key);
    return EXIT_NOT_YET;
}

static int parse_callback(const struct command *command)
{
    const char *url = command->callback, *body = command->callback_body;
    if ((url == NULL) != (body == NULL)) return bad_usage("--callback and --callback-body go together");
    if (url != NULL) ossup_request_set_callback(command->request, url, body);
    return EXIT_NOT_YET;
}

static int parse_command(struct command *command, int argc, char **argv)
{
    ossup_config_add_environment_credentials(command->config);
    ossup_request_set_enable_checkpoint(command->request, true);
    ossup_request_set_task_num(command->request, 4);
    ossup_request_set_part_size(command->request, 0);

    int code = parse_options(command, argc, argv);
    if (code == EXIT_NOT_YET) code = parse_places(command, argc, argv);
    if (code == EXIT_NOT_YET) code = parse_callback(command);
    if (code != EXIT_NOT_YET) return code;

    const char *refusal = ossup_config_error(command->config);
    if (refusal == NULL) refusal = ossup_request_error(command->request);
    return refusal == NULL ? EXIT_NOT_YET : bad_usage(refusal);
}

/* ---- progress ---- */

static double now(void)
{
    struct timespec time;
    if (clock_gettime(CLOCK_MONOTONIC, &time) != 0) return 0;
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

struct text {
    char text[32];
};

static const char *human_bytes(struct text *out, double bytes)
{
    static const char *const UNITS[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    size_t unit = 0;
    for (; bytes >= 1024 && unit < 4; unit++) bytes /= 1024;
    snprintf(out->text, sizeof out->text, "%.*f %s", unit == 0 ? 0 : 1, bytes, UNITS[unit]);
    return out->text;
}

static const char *human_seconds(struct text *out, double seconds)
{
    unsigned long left = seconds < 359999 ? (unsigned long)(seconds + 0.5) : 359999;
    snprintf(out->text, sizeof out->text, "%lu:%02lu:%02lu", left / 3600, left / 60 % 60, left % 60);
    return out->text;
}

static uint64_t bytes_done(const ossup_progress *progress)
{
    uint64_t done = progress->bytes_confirmed + progress->bytes_in_flight;
    return done < progress->bytes_total ? done : progress->bytes_total;
}

/* 100 % is kept for the object being there: before that the service may still refuse it. */
static int percent(const ossup_progress *progress)
{
    if (progress->phase == OSSUP_PHASE_DONE) return 100;
    if (progress->bytes_total == 0) return 0;
    int part = (int)((double)bytes_done(progress) * 100 / (double)progress->bytes_total);
    return part < 99 ? part : 99;
}

/* An average at first, smoothed over five seconds from then on: neither a burst nor a pause makes the ETA jump. */
static void measure(struct meter *meter, const ossup_progress *progress)
{
    double at = now(), done = (double)bytes_done(progress), passed = at - meter->measured_at;
    if (progress->phase != OSSUP_PHASE_UPLOADING) return;
    if (meter->began_at == 0) {
        meter->began_at = at;
        done = (double)progress->bytes_reused;
    } else if (passed > 0) {
        double window = at - meter->began_at < 5 ? at - meter->began_at : 5;
        double fresh = done > meter->measured_bytes ? (done - meter->measured_bytes) / passed : 0;
        meter->bytes_per_second += (fresh - meter->bytes_per_second) * (passed < window ? passed / window : 1);
    }
    meter->measured_at = at;
    meter->measured_bytes = done;
}

static void draw_bar(const ossup_progress *progress)
{
    enum { WIDTH = 20 };
    double per_cell = (double)progress->bytes_total / WIDTH;
    fputc('[', stderr);
    for (int cell = 0; cell < WIDTH; cell++) {
        double middle = per_cell * (cell + 0.5);
        bool reused = middle < (double)progress->bytes_reused, done = middle < (double)bytes_done(progress);
        fputc(reused ? '=' : done ? '#' : '-', stderr);
    }
    fputs("] ", stderr);
}

static void draw(const struct meter *meter, const ossup_progress *progress)
{
    struct text text;
    double speed = meter->bytes_per_second, left = (double)(progress->bytes_total - bytes_done(progress));
    bool uploading = progress->phase == OSSUP_PHASE_UPLOADING;
    if (meter->terminal) fputc('\r', stderr);
    fprintf(stderr, "%3d %% ", percent(progress));
    if (meter->terminal) draw_bar(progress);
    if (progress->phase == OSSUP_PHASE_PREPARING) fputs("preparing", stderr);
    if (uploading && speed < 1) fputs("uploading", stderr);
    if (uploading && speed >= 1) fprintf(stderr, "%s/s", human_bytes(&text, speed));
    if (uploading && speed >= 1) fprintf(stderr, ", ETA %s", human_seconds(&text, left / speed));
    if (progress->phase == OSSUP_PHASE_COMPLETING) fputs("completing", stderr);
    if (progress->bytes_reused > 0) fprintf(stderr, ", reused %s", human_bytes(&text, (double)progress->bytes_reused));
    fputs(meter->terminal ? "\033[K" : "\n", stderr);
}

/* A terminal is redrawn at every look; a log gets a line for every 5 %, and never two in one second. */
static void show(struct meter *meter, const ossup_progress *progress)
{
    measure(meter, progress);
    if (!meter->terminal) {
        if (percent(progress) < meter->told_percent + 5 || now() < meter->told_at + 1) return;
        meter->told_percent = percent(progress);
        meter->told_at = now();
    }
    draw(meter, progress);
    meter->drawn = true;
}

/* ---- the upload ---- */

static void want_stop(int signal_number)
{
    (void)signal_number;
    stop_wanted = 1;
}

/* The handler steps aside after one signal: a second Ctrl-C ends the program at once, which the record survives. */
static bool catch_signals(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = want_stop;
    action.sa_flags = SA_RESETHAND;
    sigemptyset(&action.sa_mask);
    return sigaction(SIGINT, &action, NULL) == 0 && sigaction(SIGTERM, &action, NULL) == 0;
}

/* Without a checkpoint there is nothing to go on from: then nothing is left behind. */
static bool stop(ossup_upload *upload, bool no_checkpoint)
{
    return (no_checkpoint ? ossup_upload_abort(upload) : ossup_upload_pause(upload)) == OSSUP_OK;
}

/* Looks ten times a second whether there is something to show or to stop; returns how the upload ended. */
static ossup_status watch(ossup_upload *upload, const struct command *command)
{
    struct meter meter = {.terminal = isatty(STDERR_FILENO) == 1};
    bool stopping = false;
    ossup_status status;
    while ((status = ossup_upload_wait(upload, 100, NULL)) == OSSUP_TIMED_OUT) {
        ossup_progress progress = {.struct_size = sizeof progress};
        if (stop_wanted && !stopping) stopping = stop(upload, command->no_checkpoint);
        if (!command->quiet && ossup_upload_progress(upload, &progress) == OSSUP_OK) show(&meter, &progress);
    }
    if (meter.terminal && meter.drawn) fputs("\r\033[K", stderr);
    return status;
}

/* ---- what is told at the end ---- */

static void tell_text(const char *name, const char *value)
{
    if (value != NULL && *value != '\0') fprintf(stderr, "  %s: %s\n", name, value);
}

static void tell_number(const char *name, uint32_t value)
{
    if (value != 0) fprintf(stderr, "  %s: %" PRIu32 "\n", name, value);
}

static void tell_error(ossup_status status, const ossup_error *error)
{
    fprintf(stderr, "upload: %s: %s\n", ossup_status_name(status), error == NULL ? "" : ossup_error_message(error));
    if (error == NULL) return;
    tell_text("operation", ossup_error_operation(error));
    tell_number("part", ossup_error_part_number(error));
    tell_number("attempts", ossup_error_attempts(error));
    tell_number("HTTP status", ossup_error_http_status(error));
    tell_text("OSS code", ossup_error_oss_code(error));
    tell_text("EC", ossup_error_ec(error));
    tell_text("request id", ossup_error_request_id(error));
}

static void tell_failure(const ossup_result *result)
{
    ossup_error *error = NULL;
    ossup_status status = ossup_result_error(result, &error);
    tell_error(status == OSSUP_OK ? ossup_result_status(result) : status, error);
    ossup_error_free(error);
    if (ossup_result_is_resumable(result)) fputs("Run the same command again to go on where it stopped.\n", stderr);
}

static void tell_stop(ossup_status status)
{
    if (status == OSSUP_PAUSED) fputs("Paused. Run the same command again to go on.\n", stderr);
    else fputs("Stopped. Without a checkpoint the next run starts anew.\n", stderr);
}

static void tell_success(const ossup_result *result)
{
    struct text size, time;
    const char *etag = ossup_result_etag(result);
    fprintf(stderr, "Done: %s in %s.", human_bytes(&size, (double)ossup_result_bytes_total(result)),
            human_seconds(&time, (double)ossup_result_elapsed_ms(result) / 1000));
    fprintf(stderr, " Parts: %" PRIu32 " reused, %" PRIu32 " sent.", ossup_result_parts_reused(result),
            ossup_result_parts_sent(result));
    fprintf(stderr, " Retries: %" PRIu32 ". ETag: %s\n", ossup_result_retries(result), etag == NULL ? "none" : etag);
}

static void tell(const ossup_result *result, bool quiet)
{
    ossup_status status = ossup_result_status(result);
    const char *reason = ossup_result_reason(result), *warning = ossup_result_warning(result);
    if (!quiet && warning != NULL) fprintf(stderr, "Warning: %s\n", warning);
    if (!quiet && reason != NULL && *reason != '\0') fprintf(stderr, "Not resumed: %s\n", reason);
    bool stopped = status == OSSUP_PAUSED || status == OSSUP_ABORTED;
    if (status != OSSUP_OK && !stopped) tell_failure(result);
    else if (!quiet && stopped) tell_stop(status);
    else if (!quiet) tell_success(result);
}

static void print_json_text(const char *name, const char *text)
{
    printf("\"%s\":", name);
    if (text == NULL) {
        fputs("null,", stdout);
        return;
    }
    putchar('"');
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\') printf("\\%c", *text);
        else if ((unsigned char)*text < 0x20) printf("\\u%04x", (unsigned)*text);
        else putchar(*text);
    }
    fputs("\",", stdout);
}

/* The CRC-64 is text because a JSON reader may keep numbers as doubles, which lose its last digits. */
static bool print_json(const ossup_result *result)
{
    char crc64[24];
    snprintf(crc64, sizeof crc64, "%" PRIu64, ossup_result_crc64(result));
    putchar('{');
    print_json_text("status", ossup_status_name(ossup_result_status(result)));
    print_json_text("etag", ossup_result_etag(result));
    print_json_text("crc64", crc64);
    print_json_text("upload_id", ossup_result_upload_id(result));
    print_json_text("request_id", ossup_result_request_id(result));
    printf("\"resumed\":%s,", ossup_result_is_resumed(result) ? "true" : "false");
    print_json_text("reason", ossup_result_reason(result));
    printf("\"parts_total\":%" PRIu32 ",\"parts_reused\":%" PRIu32 ",\"parts_sent\":%" PRIu32 ",",
           ossup_result_parts_total(result), ossup_result_parts_reused(result), ossup_result_parts_sent(result));
    printf("\"bytes_total\":%" PRIu64 ",\"bytes_reused\":%" PRIu64 ",\"bytes_sent\":%" PRIu64 ",",
           ossup_result_bytes_total(result), ossup_result_bytes_reused(result), ossup_result_bytes_sent(result));
    printf("\"retries\":%" PRIu32 ",", ossup_result_retries(result));
    printf("\"elapsed_s\":%.3f}\n", (double)ossup_result_elapsed_ms(result) / 1000);
    return !stdout_failed();
}

static int exit_code(const ossup_result *result)
{
    ossup_status status = ossup_result_status(result);
    if (status == OSSUP_OK) return EXIT_DONE;
    if (!ossup_result_is_resumable(result)) return EXIT_FAILED;
    return status == OSSUP_PAUSED ? EXIT_PAUSED : EXIT_RESUMABLE;
}

/* ---- all of it ---- */

static ossup_status begin(const struct command *command, ossup_client **client, ossup_upload **upload,
                          ossup_error **error)
{
    ossup_status status = ossup_client_new(command->config, client, error);
    if (status == OSSUP_OK) status = ossup_upload_new(*client, command->request, upload, error);
    if (status == OSSUP_OK) status = ossup_upload_start(*upload, error);
    return status;
}

static int finish(const struct command *command, ossup_upload *upload)
{
    ossup_result *result = NULL;
    ossup_status status = watch(upload, command);
    ossup_status fetched = ossup_upload_result(upload, &result);
    if (fetched != OSSUP_OK) {
        tell_error(status, NULL);
        return EXIT_FAILED;
    }
    int code = exit_code(result);
    tell(result, command->quiet);
    if (command->json && !print_json(result)) {
        fputs("upload: the result could not be written to stdout\n", stderr);
        code = EXIT_FAILED;
    }
    ossup_result_free(result);
    return code;
}

static int run(const struct command *command)
{
    ossup_client *client = NULL;
    ossup_upload *upload = NULL;
    ossup_error *error = NULL;
    int code;
    ossup_status status = begin(command, &client, &upload, &error);
    if (status == OSSUP_OK) {
        code = finish(command, upload);
    } else {
        tell_error(status, error);
        code = status == OSSUP_INVALID_ARGUMENT ? EXIT_USAGE : EXIT_FAILED;
    }
    ossup_error_free(error);
    ossup_upload_free(upload);
    ossup_client_free(client);
    return code;
}

int main(int argc, char **argv)
{
    struct command command = {.config = NULL};
    int code = EXIT_FAILED;
    ossup_status status = ossup_config_new(&command.config);
    if (status == OSSUP_OK) status = ossup_request_new(&command.request);
    if (status != OSSUP_OK || !catch_signals()) fprintf(stderr, "upload: not ready: %s\n", ossup_status_name(status));
    else code = parse_command(&command, argc, argv);
    if (code == EXIT_NOT_YET) code = run(&command);
    ossup_request_free(command.request);
    ossup_config_free(command.config);
    if (ossup_shutdown(10000) != OSSUP_OK) fputs("upload: some work in the background did not end in time\n", stderr);
    return code;
}
