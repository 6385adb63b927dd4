/* The descriptors 0 to 2 are the host's, whether they are open or not: what takes their place, a file of the host's or a
 * socket of the library's, gets no byte that it should not. And all of the library's own are closed by an exec, in a
 * child as well. SLOW takes its time, and DENIED is refused. */
#define _POSIX_C_SOURCE 200809L
#include "fixture.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SLOW "descriptors/slow"
#define DENIED "descriptors/denied"
enum { SIZE = 300000, MOST = 1024 };

/* With no standard error to tell it to, what was not so is told by a file that the test looks into. */
static void tell_by_file(void)
{
    struct path complaint = path_of("complaint.txt");
    int fd = open(complaint.text, O_CREAT | O_WRONLY | O_CLOEXEC, 0600), high = fcntl(fd, F_DUPFD_CLOEXEC, 100);
    CHECK(fd >= 0 && high >= 0 && close(fd) == 0);
    stderr = fdopen(high, "w");
    CHECK(stderr != NULL);
}

/* What goes well, what is refused by the service, by the library and by the disk. */
static void upload_everything(ossup_client *client, const char *file)
{
    struct path missing = path_of("missing.bin");
    static const char *const KEYS[] = {"descriptors/good", DENIED, "descriptors/missing"};
    static const ossup_status EXPECTED[] = {OSSUP_OK, OSSUP_ACCESS_DENIED, OSSUP_SOURCE_UNREADABLE};
    for (int i = 0; i < 3; i++) {
        ossup_request *request = make_request(KEYS[i], i == 2 ? missing.text : file);
        CHECK_STATUS(OSSUP_OK, ossup_request_set_enable_checkpoint(request, true));
        CHECK_STATUS(EXPECTED[i], ossup_client_upload_file(client, request, NULL, NULL));
        ossup_request_free(request);
    }
}

/* The library gets the numbers: it works, and what it says of failures goes into none of its own sockets. */
static void the_library_may_have_them(const char *file)
{
    tell_by_file();
    for (int fd = 0; fd <= 2; fd++) CHECK(close(fd) == 0);
    ossup_client *client = make_client();
    upload_everything(client, file);
    /* What stays open has the first numbers, what came and went the others. */
    CHECK(fcntl(0, F_GETFD) >= 0 && fcntl(1, F_GETFD) >= 0);
    ossup_client_free(client);
}

/* The host's files get the numbers, and keep what is theirs. */
static void the_hosts_files_may_have_them(const char *file)
{
    struct path diary = path_of("diary.txt");
    struct stat facts;
    tell_by_file();
    for (int fd = 0; fd <= 2; fd++) CHECK(close(fd) == 0);
    for (int fd = 0; fd <= 2; fd++) CHECK(open(diary.text, O_CREAT | O_RDWR | O_APPEND, 0600) == fd);
    ossup_client *client = make_client();
    upload_everything(client, file);
    ossup_client_free(client);
    CHECK_STATUS(OSSUP_OK, ossup_shutdown(10000));
    for (int fd = 0; fd <= 2; fd++) CHECK(fstat(fd, &facts) == 0 && facts.st_size == 0);
}

static void find_open(bool open[MOST])
{
    DIR *folder = opendir("/proc/self/fd");
    CHECK(folder != NULL);
    memset(open, 0, MOST * sizeof *open);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        long fd = strtol(entry->d_name, NULL, 10);
        if (entry->d_name[0] != '.' && fd < MOST && fd != dirfd(folder)) open[fd] = true;
    }
    closedir(folder);
}

/* What a program has open that this one became by an exec. */
static int list(void)
{
    bool open[MOST];
    find_open(open);
    for (int fd = 0; fd < MOST; fd++) {
        if (open[fd]) printf("%d\n", fd);
    }
    return 0;
}

/* Runs this program anew in a child and reads what it has open. */
static void list_in_child(const char *program, bool open[MOST])
{
    int ends[2], fd, status;
    CHECK(pipe(ends) == 0);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        if (dup2(ends[1], STDOUT_FILENO) == STDOUT_FILENO && close(ends[0]) == 0 && close(ends[1]) == 0) {
            execl(program, program, "list", (char *)NULL);
        }
        _exit(127);
    }
    CHECK(close(ends[1]) == 0);
    memset(open, 0, MOST * sizeof *open);
    FILE *told = fdopen(ends[0], "r");
    CHECK(told != NULL);
    while (fscanf(told, "%d", &fd) == 1) open[fd] = true;
    fclose(told);
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void wait_until_it_sends(const ossup_upload *upload)
{
    const struct timespec moment = {0, 2000000};
    ossup_progress progress = {.struct_size = sizeof progress};
    do {
        nanosleep(&moment, NULL);
        CHECK_STATUS(OSSUP_OK, ossup_upload_progress(upload, &progress));
    } while (progress.bytes_in_flight == 0 && !ossup_upload_is_done(upload));
}

static void none_outlives_an_exec(const char *program, const char *file)
{
    bool before[MOST], now[MOST], child[MOST], queues_is_new;
    int32_t fd = -1;
    int ours = 0;
    ossup_queue *queue = NULL;
    find_open(before);
    ossup_client *client = make_client();
    ossup_upload *upload = make_upload(client, SLOW, file, true);
    CHECK_STATUS(OSSUP_OK, ossup_queue_new(&queue));
    CHECK_STATUS(OSSUP_OK, ossup_queue_fd(queue, &fd));
    CHECK_STATUS(OSSUP_OK, ossup_upload_set_queue(upload, queue, 0));
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    wait_until_it_sends(upload);
    find_open(now);
    queues_is_new = now[fd] && !before[fd];
    for (int i = 0; i < MOST; i++) {
        if (!now[i] || before[i]) continue;
        ours++;
        CHECK((fcntl(i, F_GETFD) & FD_CLOEXEC) != 0);
    }
    /* The queue's, the runtime's, the file, its record and a connection. */
    CHECK(queues_is_new && ours >= 5);
    list_in_child(program, child);
    for (int i = 0; i < MOST; i++) CHECK(!child[i] || before[i]);
    CHECK_STATUS(OSSUP_OK, ossup_upload_wait(upload, -1, NULL));
    ossup_upload_free(upload);
    ossup_queue_free(queue);
    ossup_client_free(client);
}

int main(int count, char **arguments)
{
    const char *what = count > 1 ? arguments[1] : "";
    struct path file;
    if (strcmp(what, "list") == 0) return list();
    file = make_file("descriptors.bin", SIZE);
    if (strcmp(what, "library") == 0) the_library_may_have_them(file.text);
    else if (strcmp(what, "host") == 0) the_hosts_files_may_have_them(file.text);
    else none_outlives_an_exec(arguments[0], file.text);
    return 0;
}
