/* A fault on purpose: a builder that two threads use at once, though it is for one at a time. What the host counts beside it
   is what a sanitizer sees that is not in the library. */
#include "check.h"

#include <pthread.h>

static int calls;

static void *set(void *config)
{
    for (int i = 0; i < 1000; i++) {
        CHECK_STATUS(OSSUP_OK, ossup_config_set_max_attempts(config, 3));
        calls++;
    }
    return NULL;
}

int main(void)
{
    pthread_t other;
    ossup_config *config = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_config_new(&config));
    CHECK(pthread_create(&other, NULL, set, config) == 0);
    set(config);
    CHECK(pthread_join(other, NULL) == 0);
    ossup_config_free(config);
    return calls == 0;
}
