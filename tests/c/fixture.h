/* What the C tests that upload start from: the stand-in's endpoint, a folder for files, and builders filled for them. */
#ifndef FIXTURE_H
#define FIXTURE_H

#include "check.h"

#define BAD_UTF8 "\xff\xfe"
#define BUCKET "bucket"

struct path {
    char text[1024];
};

static inline const char *environment(const char *name)
{
    const char *value = getenv(name);
    CHECK(value != NULL);
    return value;
}

static inline struct path path_of(const char *name)
{
    struct path path;
    int length = snprintf(path.text, sizeof path.text, "%s/%s", environment("OSSUP_TEST_DIR"), name);
    CHECK(length > 0 && (size_t)length < sizeof path.text);
    return path;
}

static inline void write_bytes(const char *path, const void *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");
    CHECK(file != NULL);
    CHECK(fwrite(bytes, 1, length, file) == length);
    CHECK(fclose(file) == 0);
}

/* The error of a refused call names the argument; it is freed, so that the next call starts clean. */
static inline void check_error(ossup_error **error, const char *names)
{
    CHECK(*error != NULL);
    CHECK_NAMES(names, ossup_error_message(*error));
    ossup_error_free(*error);
    *error = NULL;
}

/* A file whose bytes do not repeat with any part size. */
static inline struct path make_file(const char *name, size_t length)
{
    struct path path = path_of(name);
    unsigned char *bytes = (unsigned char *)malloc(length + 1);
    uint32_t state = 2463534242u;
    CHECK(bytes != NULL);
    for (size_t i = 0; i < length; i++) {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        bytes[i] = (unsigned char)state;
    }
    write_bytes(path.text, bytes, length);
    free(bytes);
    return path;
}

/* A config to which a source of credentials is to be added. */
static inline ossup_config *make_bare_config(void)
{
    ossup_config *config = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_config_new(&config));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_endpoint(config, environment("OSSUP_TEST_ENDPOINT")));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_region(config, "cn-hangzhou"));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_path_style(config, true));
    return config;
}

static inline ossup_config *make_config(void)
{
    ossup_config *config = make_bare_config();
    CHECK_STATUS(OSSUP_OK, ossup_config_set_credentials(config, "ak", "sk", NULL));
    return config;
}

static inline ossup_client *make_client(void)
{
    ossup_config *config = make_config();
    ossup_client *client = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_client_new(config, &client, NULL));
    ossup_config_free(config);
    return client;
}

static inline ossup_request *make_request(const char *key, const char *file)
{
    ossup_request *request = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_request_new(&request));
    CHECK_STATUS(OSSUP_OK, ossup_request_set_bucket_name(request, BUCKET));
    CHECK_STATUS(OSSUP_OK, ossup_request_set_key(request, key));
    CHECK_STATUS(OSSUP_OK, ossup_request_set_upload_file(request, file));
    return request;
}

static inline ossup_upload *make_upload(ossup_client *client, const char *key, const char *file, bool checkpoint)
{
    ossup_request *request = make_request(key, file);
    ossup_upload *upload = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_request_set_enable_checkpoint(request, checkpoint));
    CHECK_STATUS(OSSUP_OK, ossup_upload_new(client, request, &upload, NULL));
    ossup_request_free(request);
    return upload;
}

#endif
