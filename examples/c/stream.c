/*
 * stream: sends what it reads from stdin to an OSS object, however much that is.
 *
 *   tar c folder | stream cn-hangzhou oss://bucket/folder.tar
 *
 * The object is made when stdin ends; a pipe does not say whether its writer was done or died. When reading fails, nothing is
 * made and nothing is left behind.
 */
#include <ossup.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

static const char HELP[] =
    "Usage: stream REGION oss://BUCKET/KEY [ENDPOINT]\n"
    "\n"
    "Sends stdin, up to 80 GB, in parts of 8 MiB, of which it holds five in memory.\n"
    "Credentials come from OSS_ACCESS_KEY_ID, OSS_ACCESS_KEY_SECRET and, where there is one, OSS_SESSION_TOKEN.\n"
    "Exit status: 0 done, 1 failed, 2 bad usage.\n";

static int failed(ossup_status status, ossup_error *error)
{
    const char *message = error == NULL ? "" : ossup_error_message(error);
    fprintf(stderr, "stream: %s: %s\n", ossup_status_name(status), message);
    ossup_error_free(error);
    return EXIT_FAILED;
}

/* Setters may go unchecked: ossup_upload_new reports the first that was refused. */
static ossup_status begin(char **arguments, ossup_client **client, ossup_upload **upload, ossup_error **error)
{
    ossup_config *config = NULL;
    ossup_request *request = NULL;
    char *bucket = arguments[2] + strlen("oss://"), *key = strchr(bucket, '/');
    ossup_status status = ossup_config_new(&config);
    if (status == OSSUP_OK) status = ossup_request_new(&request);
    if (key != NULL) *key++ = '\0';
    ossup_config_set_region(config, arguments[1]);
    if (arguments[3] != NULL) ossup_config_set_endpoint(config, arguments[3]);
    ossup_config_add_environment_credentials(config);
    ossup_request_set_bucket_name(request, bucket);
    ossup_request_set_key(request, key);
    ossup_request_set_task_num(request, 4);
    ossup_request_set_upload_stream(request, OSSUP_UNKNOWN_SIZE);
    if (status == OSSUP_OK) status = ossup_client_new(config, client, error);
    if (status == OSSUP_OK) status = ossup_upload_new(*client, request, upload, error);
    if (status == OSSUP_OK) status = ossup_upload_start(*upload, error);
    ossup_request_free(request);
    ossup_config_free(config);
    return status;
}

/* Waits where the network is slower than stdin. An upload that fails meanwhile says so here as well as at its end. */
static ossup_status push(ossup_upload *upload)
{
    static char bytes[1 << 16];
    ossup_status status = OSSUP_OK;
    size_t count;
    while (status == OSSUP_OK && (count = fread(bytes, 1, sizeof bytes, stdin)) > 0) {
        status = ossup_upload_write(upload, bytes, count, -1, NULL, NULL);
    }
    if (status != OSSUP_OK) return status;
    if (ferror(stdin)) {
        perror("stream: stdin");
        return ossup_upload_abort(upload);
    }
    return ossup_upload_finish(upload, NULL);
}

static int run(char **arguments)
{
    ossup_client *client = NULL;
    ossup_upload *upload = NULL;
    ossup_error *error = NULL;
    int code = EXIT_DONE;
    ossup_status status = begin(arguments, &client, &upload, &error);
    if (status == OSSUP_OK) {
        push(upload);
        status = ossup_upload_wait(upload, -1, &error);
    }
    if (status == OSSUP_OK) {
        ossup_progress progress = {.struct_size = sizeof progress};
        ossup_upload_progress(upload, &progress);
        fprintf(stderr, "Done: %" PRIu64 " bytes.\n", progress.bytes_total);
    } else {
        code = failed(status, error);
    }
    ossup_upload_free(upload);
    ossup_client_free(client);
    return code;
}

int main(int argc, char **argv)
{
    if (argc < 3 || argc > 4 || strncmp(argv[2], "oss://", strlen("oss://")) != 0) {
        fputs(HELP, stderr);
        return EXIT_USAGE;
    }
    int code = run(argv);
    ossup_shutdown(10000);
    return code;
}
