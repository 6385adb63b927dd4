/* What the C tests ask the system that they run on, and what is another call on each. */
#ifndef SYSTEM_H
#define SYSTEM_H

#include "check.h"

/* How many threads have this name, or also longer ones that begin so. */
static inline unsigned threads_named(const char *name, bool or_longer);

/* How many sockets this process has. */
static inline unsigned sockets(void);

/* How many bytes of memory it takes. */
static inline long long memory(void);

/* Whether a host that waits for the queue has something to take, now or soon. */
static inline bool is_ready(const ossup_queue *queue, int timeout_ms);

static inline void make_folder(const char *path);
static inline void set_variable(const char *name, const char *value);
static inline void unset_variable(const char *name);

/* Runs a function while both outputs are a file; returns how much was printed. */
static inline long long printed(const char *path, void (*run)(void));

#ifdef _WIN32

#include <winsock2.h>
#include <windows.h>
#include <direct.h>
#include <psapi.h>
#include <tlhelp32.h>

/* Headers of older systems do not have it. */
typedef HRESULT(WINAPI *describe_fn)(HANDLE, PWSTR *);

static inline bool is_named(DWORD id, const char *name, bool or_longer)
{
    describe_fn describe = NULL;
    FARPROC found = GetProcAddress(GetModuleHandleA("kernelbase.dll"), "GetThreadDescription");
    HANDLE thread = OpenThread(THREAD_QUERY_LIMITED_INFORMATION, FALSE, id);
    wchar_t *its = NULL;
    bool is = true;
    size_t at = 0;
    CHECK(found != NULL);
    memcpy(&describe, &found, sizeof found);
    if (thread == NULL || describe(thread, &its) < 0) return false;
    for (; is && name[at] != '\0'; at++) is = its[at] == (wchar_t)name[at];
    is = is && (or_longer || its[at] == L'\0');
    LocalFree(its);
    CloseHandle(thread);
    return is;
}

static inline unsigned threads_named(const char *name, bool or_longer)
{
    unsigned count = 0;
    THREADENTRY32 entry = {.dwSize = sizeof entry};
    HANDLE all = CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
    CHECK(all != INVALID_HANDLE_VALUE && Thread32First(all, &entry));
    do {
        if (entry.th32OwnerProcessID == GetCurrentProcessId()) count += is_named(entry.th32ThreadID, name, or_longer);
    } while (Thread32Next(all, &entry));
    CloseHandle(all);
    return count;
}

/* Whatever is a socket says of which type. */
static inline unsigned sockets(void)
{
    enum { LAST_HANDLE = 16384 };
    static bool is_begun = false;
    unsigned count = 0;
    WSADATA data;
    if (!is_begun) CHECK(WSAStartup(MAKEWORD(2, 2), &data) == 0);
    is_begun = true;
    for (SOCKET handle = 4; handle < LAST_HANDLE; handle += 4) {
        int type = 0, length = sizeof type;
        count += getsockopt(handle, SOL_SOCKET, SO_TYPE, (char *)&type, &length) == 0;
    }
    return count;
}

static inline long long memory(void)
{
    PROCESS_MEMORY_COUNTERS counters = {.cb = sizeof counters};
    CHECK(K32GetProcessMemoryInfo(GetCurrentProcess(), &counters, sizeof counters));
    return (long long)counters.PagefileUsage;
}

static inline bool is_ready(const ossup_queue *queue, int timeout_ms)
{
    HANDLE handle = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_queue_handle(queue, &handle));
    DWORD answer = WaitForSingleObject(handle, (DWORD)timeout_ms);
    CHECK(answer == WAIT_OBJECT_0 || answer == WAIT_TIMEOUT);
    return answer == WAIT_OBJECT_0;
}

static inline void make_folder(const char *path)
{
    CHECK(_mkdir(path) == 0);
}

static inline void set_variable(const char *name, const char *value)
{
    CHECK(SetEnvironmentVariableA(name, value));
}

static inline void unset_variable(const char *name)
{
    CHECK(SetEnvironmentVariableA(name, NULL));
}

static inline long long printed(const char *path, void (*run)(void))
{
    HANDLE file = CreateFileA(path, GENERIC_WRITE, FILE_SHARE_READ, NULL, CREATE_NEW, 0, NULL);
    HANDLE out = GetStdHandle(STD_OUTPUT_HANDLE), err = GetStdHandle(STD_ERROR_HANDLE);
    LARGE_INTEGER size;
    CHECK(file != INVALID_HANDLE_VALUE);
    CHECK(SetStdHandle(STD_OUTPUT_HANDLE, file) && SetStdHandle(STD_ERROR_HANDLE, file));
    run();
    CHECK(SetStdHandle(STD_OUTPUT_HANDLE, out) && SetStdHandle(STD_ERROR_HANDLE, err));
    CHECK(GetFileSizeEx(file, &size) && CloseHandle(file));
    return size.QuadPart;
}

#else

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

static inline bool is_named(const char *task, const char *name, bool or_longer)
{
    char path[512], its[32] = "";
    snprintf(path, sizeof path, "/proc/self/task/%s/comm", task);
    FILE *comm = fopen(path, "r");
    if (comm == NULL) return false;
    bool is_read = fgets(its, sizeof its, comm) != NULL;
    fclose(comm);
    return is_read && strncmp(its, name, strlen(name)) == 0 && (or_longer || its[strlen(name)] == '\n');
}

static inline unsigned threads_named(const char *name, bool or_longer)
{
    unsigned count = 0;
    DIR *tasks = opendir("/proc/self/task");
    CHECK(tasks != NULL);
    for (struct dirent *task; (task = readdir(tasks)) != NULL;) count += is_named(task->d_name, name, or_longer);
    closedir(tasks);
    return count;
}

static inline unsigned sockets(void)
{
    unsigned count = 0;
    DIR *folder = opendir("/proc/self/fd");
    CHECK(folder != NULL);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char path[300], target[16] = "";
        snprintf(path, sizeof path, "/proc/self/fd/%s", entry->d_name);
        if (readlink(path, target, sizeof target - 1) > 0 && strncmp(target, "socket:", 7) == 0) count++;
    }
    closedir(folder);
    return count;
}

static inline long long memory(void)
{
    long long total = 0, pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    CHECK(file != NULL);
    CHECK(fscanf(file, "%lld %lld", &total, &pages) == 2);
    fclose(file);
    return pages * sysconf(_SC_PAGESIZE);
}

static inline bool is_ready(const ossup_queue *queue, int timeout_ms)
{
    int32_t fd = -1;
    CHECK_STATUS(OSSUP_OK, ossup_queue_fd(queue, &fd));
    struct pollfd watched = {.fd = fd, .events = POLLIN};
    int ready = poll(&watched, 1, timeout_ms);
    CHECK(ready >= 0);
    return ready == 1;
}

static inline void make_folder(const char *path)
{
    CHECK(mkdir(path, 0700) == 0);
}

static inline void set_variable(const char *name, const char *value)
{
    CHECK(setenv(name, value, 1) == 0);
}

static inline void unset_variable(const char *name)
{
    CHECK(unsetenv(name) == 0);
}

static inline long long printed(const char *path, void (*run)(void))
{
    int file = open(path, O_CREAT | O_RDWR, 0600), out = dup(1), err = dup(2);
    struct stat facts;
    CHECK(file >= 0 && out >= 0 && err >= 0);
    CHECK(dup2(file, 1) == 1 && dup2(file, 2) == 2);
    run();
    CHECK(dup2(out, 1) == 1 && dup2(err, 2) == 2);
    CHECK(fstat(file, &facts) == 0);
    CHECK(close(file) == 0 && close(out) == 0 && close(err) == 0);
    return facts.st_size;
}

#endif

#endif
