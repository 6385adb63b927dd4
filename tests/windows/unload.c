/* The library's threads outlive a FreeLibrary, so its code must, too; a library that has no threads yet may go. */
#include <ossup.h>

#include <stdio.h>
#include <stdlib.h>
#include <windows.h>

#define CHECK(condition) check_that((condition), #condition, __LINE__)
#define CALL(function) ((__typeof__(&function))(void (*)(void))GetProcAddress(library, #function))

static void check_that(bool held, const char *what, int line)
{
    if (held) return;
    fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, line, what);
    exit(1);
}

static HMODULE load(void)
{
    HMODULE library = LoadLibraryA("ossup.dll");
    CHECK(library != NULL);
    return library;
}

static bool is_loaded(void)
{
    return GetModuleHandleA("ossup.dll") != NULL;
}

static void upload(HMODULE library, const char *endpoint, const char *file)
{
    ossup_config *config = NULL;
    ossup_client *client = NULL;
    ossup_request *request = NULL;
    CALL(ossup_config_new)(&config);
    CALL(ossup_config_set_endpoint)(config, endpoint);
    CALL(ossup_config_set_region)(config, "cn-hangzhou");
    CALL(ossup_config_set_path_style)(config, true);
    CALL(ossup_config_set_credentials)(config, "ak", "sk", NULL);
    CHECK(CALL(ossup_client_new)(config, &client, NULL) == OSSUP_OK);
    CALL(ossup_request_new)(&request);
    CALL(ossup_request_set_bucket_name)(request, "bucket");
    CALL(ossup_request_set_key)(request, "windows/unload");
    CALL(ossup_request_set_upload_file)(request, file);
    CHECK(CALL(ossup_client_upload_file)(client, request, NULL, NULL) == OSSUP_OK);
    CALL(ossup_request_free)(request);
    CALL(ossup_client_free)(client);
    CALL(ossup_config_free)(config);
}

int main(int count, char **arguments)
{
    HMODULE library = load();
    CHECK(count == 1 && CALL(ossup_abi_version)() == OSSUP_ABI_VERSION);
    CHECK(FreeLibrary(library) && !is_loaded());
    library = load();
    /* This very program will do as a file to upload. */
    upload(library, getenv("OSSUP_TEST_ENDPOINT"), arguments[0]);
    CHECK(FreeLibrary(library) && FreeLibrary(library) && is_loaded());
    return 0;
}
