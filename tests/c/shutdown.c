/* Many threads may shut down at once, and afterwards none of the library's threads is left. */
#define _POSIX_C_SOURCE 200809L
#include "fixture.h"

#include <dirent.h>
#include <pthread.h>
#include <time.h>

enum { THREADS = 8 };

static void nothing(void *user_data)
{
    (void)user_data;
}

static void *shut_down(void *status)
{
    *(ossup_status *)status = ossup_shutdown(10000);
    return NULL;
}

static unsigned threads(void)
{
    unsigned count = 0;
    DIR *tasks = opendir("/proc/self/task");
    CHECK(tasks != NULL);
    for (struct dirent *task; (task = readdir(tasks)) != NULL;) count += task->d_name[0] != '.';
    closedir(tasks);
    return count;
}

int main(void)
{
    const struct timespec moment = {0, 5000000};
    struct path file = make_file("shutdown.bin", 300000);
    pthread_t callers[THREADS];
    ossup_status statuses[THREADS];
    ossup_client *client = make_client();
    ossup_upload *upload = make_upload(client, "shutdown", file.text, true);
    CHECK_STATUS(OSSUP_OK, ossup_upload_set_listener(upload, NULL, NULL, NULL, nothing));
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_wait(upload, -1, NULL));
    CHECK(threads() > 1);
    for (int i = 0; i < THREADS; i++) CHECK(pthread_create(&callers[i], NULL, shut_down, &statuses[i]) == 0);
    for (int i = 0; i < THREADS; i++) CHECK(pthread_join(callers[i], NULL) == 0);
    for (int i = 0; i < THREADS; i++) CHECK_STATUS(OSSUP_OK, statuses[i]);
    /* A thread that has said its last word takes a moment to be gone. */
    for (int i = 0; i < 1000 && threads() > 1; i++) nanosleep(&moment, NULL);
    CHECK(threads() == 1);
    ossup_upload_free(upload);
    ossup_client_free(client);
    return 0;
}
