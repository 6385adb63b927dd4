/* A host that loads a plugin, uses it on a thread, unloads it while that thread lives, and does so again; at last it unloads
 * it while its upload runs. The arguments are the plugin and the library's name. */
#define _POSIX_C_SOURCE 200809L
#include "loading.h"

#include <pthread.h>
#include <stdbool.h>

enum { ROUNDS = 50 };

/* Other C libraries than glibc keep what was loaded once. */
#ifdef __GLIBC__
enum { UNLOADS = true };
#else
enum { UNLOADS = false };
#endif

static pthread_barrier_t used, unloaded;
static void (*plugin_upload)(const char *key);

/* What the library keeps for a thread is dropped with the thread, when the plugin is gone. */
static void *use(void *key)
{
    plugin_upload(key);
    pthread_barrier_wait(&used);
    pthread_barrier_wait(&unloaded);
    return NULL;
}

static bool is_loaded(const char *name)
{
    void *library = dlopen(name, RTLD_NOW | RTLD_NOLOAD);
    if (library != NULL) CHECK(dlclose(library) == 0);
    return library != NULL;
}

static void use_and_unload(const char *plugin)
{
    static char key[] = "unloading/thread";
    pthread_t thread;
    void *library = load(plugin, RTLD_NOW | RTLD_LOCAL);
    find(library, "plugin_upload", &plugin_upload);
    CHECK(pthread_create(&thread, NULL, use, key) == 0);
    pthread_barrier_wait(&used);
    CHECK(dlclose(library) == 0 && is_loaded(plugin) != UNLOADS);
    pthread_barrier_wait(&unloaded);
    CHECK(pthread_join(thread, NULL) == 0);
}

static void unload_while_an_upload_runs(const char *plugin)
{
    void *(*plugin_begin)(const char *key);
    void (*plugin_finish)(void *upload);
    void *library = load(plugin, RTLD_NOW | RTLD_LOCAL);
    find(library, "plugin_begin", &plugin_begin);
    void *upload = plugin_begin("unloading/slow");
    CHECK(dlclose(library) == 0 && is_loaded(plugin) != UNLOADS);
    library = load(plugin, RTLD_NOW | RTLD_LOCAL);
    find(library, "plugin_finish", &plugin_finish);
    plugin_finish(upload);
    CHECK(dlclose(library) == 0);
}

int main(int count, char **arguments)
{
    CHECK(count == 3 && !is_loaded(arguments[2]));
    CHECK(pthread_barrier_init(&used, NULL, 2) == 0 && pthread_barrier_init(&unloaded, NULL, 2) == 0);
    for (int round = 0; round < ROUNDS; round++) use_and_unload(arguments[1]);
    unload_while_an_upload_runs(arguments[1]);
    CHECK(is_loaded(arguments[2]));
    return 0;
}
