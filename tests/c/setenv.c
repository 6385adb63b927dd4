/* A host may change its environment at any time: once a client is made, the library reads none of it. The program's own
 * getenv stands in front of the C library's and counts who asks. The argument is how many uploads there are. */
#define _GNU_SOURCE
#include "fixture.h"

#include <pthread.h>

enum { MOST = 1000 };

extern char **environ;

static volatile bool is_made, is_over;
static unsigned long asked;
static char asked_for[128];

char *getenv(const char *name)
{
    size_t length = strlen(name);
    if (is_made) {
        __sync_fetch_and_add(&asked, 1);
        snprintf(asked_for, sizeof asked_for, "%s", name);
    }
    for (char **variable = environ; variable != NULL && *variable != NULL; variable++) {
        if (strncmp(*variable, name, length) == 0 && (*variable)[length] == '=') return *variable + length + 1;
    }
    return NULL;
}

/* Names that the library knows and others, ever more of them, so that the environment is moved in memory. */
static void *change(void *nothing)
{
    for (unsigned round = 0; !is_over; round++) {
        char name[64];
        snprintf(name, sizeof name, "HOST_%u", round % 500);
        CHECK(setenv(name, "value", 1) == 0 && setenv("http_proxy", "http://127.0.0.1:1", 1) == 0);
        CHECK(unsetenv("http_proxy") == 0);
        if (round % 500 == 499) CHECK(unsetenv("HOST_7") == 0);
    }
    return nothing;
}

/* Besides the given authority it trusts those of the system, which the environment may name. */
static ossup_client *make_client_early(void)
{
    const char *authority = getenv("OSSUP_TEST_CA");
    ossup_config *config = make_config();
    ossup_client *client = NULL;
    if (authority != NULL) CHECK_STATUS(OSSUP_OK, ossup_config_set_ca_file(config, authority));
    CHECK_STATUS(OSSUP_OK, ossup_client_new(config, &client, NULL));
    ossup_config_free(config);
    return client;
}

int main(int count, char **arguments)
{
    struct path file = make_file("setenv.bin", 1000);
    static ossup_upload *uploads[MOST];
    int number = count > 1 ? atoi(arguments[1]) : MOST;
    pthread_t other;
    CHECK(number <= MOST);
    ossup_client *client = make_client_early();
    for (int i = 0; i < number; i++) {
        char key[64];
        snprintf(key, sizeof key, "setenv/%d", i);
        uploads[i] = make_upload(client, key, file.text, false);
    }
    is_made = true;
    CHECK(pthread_create(&other, NULL, change, NULL) == 0);
    for (int i = 0; i < number; i++) CHECK_STATUS(OSSUP_OK, ossup_upload_start(uploads[i], NULL));
    for (int i = 0; i < number; i++) CHECK_STATUS(OSSUP_OK, ossup_upload_wait(uploads[i], -1, NULL));
    is_over = true;
    CHECK(pthread_join(other, NULL) == 0);
    if (asked != 0) fprintf(stderr, "%lu times, the last time for %s\n", asked, asked_for);
    CHECK(asked == 0);
    for (int i = 0; i < number; i++) ossup_upload_free(uploads[i]);
    ossup_client_free(client);
    CHECK_STATUS(OSSUP_OK, ossup_shutdown(10000));
    CHECK(asked == 0 && getenv("HOST_1") != NULL && asked == 1);
    return 0;
}
