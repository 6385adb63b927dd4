/*
 * What a caller may get wrong about the world: each has its status, a message that names the argument, and leaves
 * other people's files as they were. Runs as an ordinary user, because root may read and write everything.
 */
#define _POSIX_C_SOURCE 200809L

#include "fixture.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NOBODY = 65534 };

static void become_ordinary(void)
{
    if (geteuid() == 0) CHECK(setgid(NOBODY) == 0 && setuid(NOBODY) == 0);
}

struct attempt {
    ossup_status status;
    const char *names;
    const char *file;
    const char *checkpoint;
};

static void refused(const struct attempt *attempt)
{
    ossup_client *client = make_client();
    ossup_request *request = make_request("bad-input", attempt->file);
    ossup_error *error = NULL;
    if (attempt->checkpoint != NULL) {
        CHECK_STATUS(OSSUP_OK, ossup_request_set_enable_checkpoint(request, true));
        CHECK_STATUS(OSSUP_OK, ossup_request_set_checkpoint_file(request, attempt->checkpoint));
    }
    CHECK_STATUS(attempt->status, ossup_client_upload_file(client, request, NULL, &error));
    CHECK_STATUS(attempt->status, ossup_error_status(error));
    CHECK_NAMES(attempt->names, ossup_error_message(error));
    ossup_error_free(error);
    ossup_request_free(request);
    ossup_client_free(client);
}

static void sources(void)
{
    struct path missing = path_of("missing.bin"), folder = path_of("folder"), secret = make_file("secret.bin", 1000);
    CHECK(mkdir(folder.text, 0700) == 0);
    CHECK(chmod(secret.text, 0) == 0);
    refused(&(struct attempt){OSSUP_SOURCE_UNREADABLE, "UploadFile", missing.text, NULL});
    refused(&(struct attempt){OSSUP_SOURCE_UNREADABLE, "UploadFile", folder.text, NULL});
    refused(&(struct attempt){OSSUP_SOURCE_UNREADABLE, "UploadFile", secret.text, NULL});
}

static void unwritable_checkpoints(const char *file)
{
    struct path locked = path_of("locked"), inside = path_of("locked/record.ucp");
    struct path nowhere = path_of("nowhere/record.ucp");
    CHECK(mkdir(locked.text, 0500) == 0);
    refused(&(struct attempt){OSSUP_CHECKPOINT_UNUSABLE, "CheckpointFile", file, inside.text});
    refused(&(struct attempt){OSSUP_CHECKPOINT_UNUSABLE, "CheckpointFile", file, nowhere.text});
    refused(&(struct attempt){OSSUP_CHECKPOINT_FOREIGN, "CheckpointFile", file, locked.text});
}

static void check_content(const char *path, const char *content)
{
    char got[256] = "";
    FILE *file = fopen(path, "rb");
    CHECK(file != NULL);
    CHECK(fread(got, 1, sizeof got - 1, file) == strlen(content));
    CHECK(fclose(file) == 0);
    CHECK_TEXT(content, got);
}

static void foreign_checkpoints_are_left_alone(const char *file)
{
    static const char LETTER[] = "Dear somebody,\nthis is not a record.\n";
    struct path letter = path_of("letter.txt"), source = path_of("source.txt");
    write_bytes(letter.text, LETTER, strlen(LETTER));
    write_bytes(source.text, LETTER, strlen(LETTER));
    refused(&(struct attempt){OSSUP_CHECKPOINT_FOREIGN, "CheckpointFile", file, letter.text});
    refused(&(struct attempt){OSSUP_CHECKPOINT_FOREIGN, "CheckpointFile", source.text, source.text});
    check_content(letter.text, LETTER);
    check_content(source.text, LETTER);
}

/* A port that was free a moment ago. */
static unsigned free_port(void)
{
    struct sockaddr_in address;
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK(listener >= 0 && bind(listener, (struct sockaddr *)&address, sizeof address) == 0);
    CHECK(getsockname(listener, (struct sockaddr *)&address, &length) == 0);
    CHECK(close(listener) == 0);
    return ntohs(address.sin_port);
}

static void nobody_listens(const char *file)
{
    char endpoint[64];
    ossup_config *config = make_config();
    ossup_client *client = NULL;
    ossup_request *request = make_request("bad-input", file);
    ossup_error *error = NULL;
    snprintf(endpoint, sizeof endpoint, "http://127.0.0.1:%u", free_port());
    CHECK_STATUS(OSSUP_OK, ossup_config_set_endpoint(config, endpoint));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_max_attempts(config, 2));
    CHECK_STATUS(OSSUP_OK, ossup_client_new(config, &client, NULL));
    CHECK_STATUS(OSSUP_UNREACHABLE, ossup_client_upload_file(client, request, NULL, &error));
    CHECK_NAMES("127.0.0.1", ossup_error_message(error));
    CHECK_NAMES("127.0.0.1", ossup_error_host(error));
    CHECK(ossup_error_is_temporary(error));
    CHECK(ossup_error_attempts(error) == 2);
    CHECK(ossup_error_os_errno(error) == ECONNREFUSED);
    ossup_error_free(error);
    ossup_request_free(request);
    ossup_client_free(client);
    ossup_config_free(config);
}

static void bad_endpoints(void)
{
    static const char *const BAD[] = {"ftp://127.0.0.1", "http://", "http://a b", "http://127.0.0.1:99999", "http://h/path?q"};
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        ossup_config *config = make_config();
        CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_config_set_endpoint(config, BAD[i]));
        CHECK_NAMES("endpoint", ossup_config_error(config));
        ossup_config_free(config);
    }
}

static void a_missing_ca_file(void)
{
    ossup_config *config = make_config();
    ossup_client *client = NULL;
    ossup_error *error = NULL;
    struct path missing = path_of("missing.pem");
    CHECK_STATUS(OSSUP_OK, ossup_config_set_endpoint(config, "https://127.0.0.1"));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_ca_file(config, missing.text));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_client_new(config, &client, &error));
    check_error(&error, "CA file");
    CHECK(client == NULL);
    ossup_config_free(config);
}

int main(void)
{
    become_ordinary();
    struct path file = make_file("good.bin", 1000);
    sources();
    unwritable_checkpoints(file.text);
    foreign_checkpoints_are_left_alone(file.text);
    nobody_listens(file.text);
    bad_endpoints();
    a_missing_ca_file();
    CHECK_STATUS(OSSUP_OK, ossup_shutdown(10000));
    return 0;
}
