/* The library as a program has it that loads it while it runs. */
#ifndef LOADING_H
#define LOADING_H

#include <ossup.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#define CHECK(condition) check_that((condition), #condition, __FILE__, __LINE__)
#define CALL(function) ((__typeof__(&function))found(#function))

static HMODULE library;

/* Ends at once: where these programs look, nothing may be left to chance. */
static inline void check_that(bool held, const char *what, const char *file, int line)
{
    if (held) return;
    fprintf(stderr, "%s:%d: not so: %s\n", file, line, what);
    fflush(stderr);
    TerminateProcess(GetCurrentProcess(), 1);
}

static inline void (*found(const char *name))(void)
{
    void (*function)(void) = (void (*)(void))GetProcAddress(library, name);
    CHECK(function != NULL);
    return function;
}

static inline void load_library(void)
{
    library = LoadLibraryA("ossup.dll");
    CHECK(library != NULL);
}

static inline bool is_loaded(void)
{
    return GetModuleHandleA("ossup.dll") != NULL;
}

static inline ossup_client *make_client(void)
{
    ossup_config *config = NULL;
    ossup_client *client = NULL;
    CALL(ossup_config_new)(&config);
    CALL(ossup_config_set_endpoint)(config, getenv("OSSUP_TEST_ENDPOINT"));
    CALL(ossup_config_set_region)(config, "cn-hangzhou");
    CALL(ossup_config_set_path_style)(config, true);
    CALL(ossup_config_set_credentials)(config, "ak", "sk", NULL);
    CHECK(CALL(ossup_client_new)(config, &client, NULL) == OSSUP_OK);
    CALL(ossup_config_free)(config);
    return client;
}

static inline ossup_request *make_request(const char *key, const char *file)
{
    ossup_request *request = NULL;
    CALL(ossup_request_new)(&request);
    CALL(ossup_request_set_bucket_name)(request, "bucket");
    CALL(ossup_request_set_key)(request, key);
    CHECK(CALL(ossup_request_set_upload_file)(request, file) == OSSUP_OK);
    return request;
}

#endif
