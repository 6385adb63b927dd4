/* A host that wants another number of threads than the usual one gets it. */
#define _POSIX_C_SOURCE 200809L
#include "fixture.h"

#include <dirent.h>

/* How many threads have this name. */
static int threads_named(const char *wanted)
{
    int count = 0;
    DIR *tasks = opendir("/proc/self/task");
    CHECK(tasks != NULL);
    for (struct dirent *task; (task = readdir(tasks)) != NULL;) {
        char path[512], name[32] = "";
        snprintf(path, sizeof path, "/proc/self/task/%s/comm", task->d_name);
        FILE *file = fopen(path, "r");
        if (file == NULL) continue;
        if (fgets(name, sizeof name, file) != NULL && strcmp(name, wanted) == 0) count++;
        fclose(file);
    }
    closedir(tasks);
    return count;
}

int main(void)
{
    struct path file = make_file("threads.bin", 1000);
    ossup_client *client = make_client();
    ossup_request *request = make_request("threads", file.text);
    CHECK_STATUS(OSSUP_OK, ossup_set_worker_threads(64));
    CHECK_STATUS(OSSUP_OK, ossup_set_worker_threads(5));
    CHECK(threads_named("ossup\n") == 0);
    CHECK_STATUS(OSSUP_OK, ossup_client_upload_file(client, request, NULL, NULL));
    CHECK(threads_named("ossup\n") == 5);
    ossup_request_free(request);
    ossup_client_free(client);
    return 0;
}
