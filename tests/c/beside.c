/* A program full of libraries that have TLS, HTTP or Rust in them, each with its symbols in sight of all others, as well as
 * the plugin that uploads. The arguments are the plugin and those libraries. */
#include "loading.h"

/* Makes what each of them is for, as far as it is there. */
static void use(void *library)
{
    if (dlsym(library, "curl_easy_init") != NULL) {
        void *(*init)(void), (*cleanup)(void *curl);
        find(library, "curl_easy_init", &init);
        find(library, "curl_easy_cleanup", &cleanup);
        void *curl = init();
        CHECK(curl != NULL);
        cleanup(curl);
    }
    if (dlsym(library, "TLS_client_method") != NULL) {
        const void *(*method)(void);
        void *(*make)(const void *method), (*drop)(void *context);
        find(library, "TLS_client_method", &method);
        find(library, "SSL_CTX_new", &make);
        find(library, "SSL_CTX_free", &drop);
        void *context = make(method());
        CHECK(context != NULL);
        drop(context);
    }
    if (dlsym(library, "neighbour_work") != NULL) {
        int (*work)(void);
        find(library, "neighbour_work", &work);
        CHECK(work() == 42);
    }
}

int main(int count, char **arguments)
{
    enum { MOST = 16 };
    void *libraries[MOST];
    void (*plugin_upload)(const char *key);
    CHECK(count > 2 && count < MOST);
    for (int i = 2; i < count; i++) libraries[i] = load(arguments[i], RTLD_NOW | RTLD_GLOBAL);
    libraries[1] = load(arguments[1], RTLD_NOW | RTLD_GLOBAL);
    find(libraries[1], "plugin_upload", &plugin_upload);
    for (int round = 0; round < 3; round++) {
        for (int i = 2; i < count; i++) use(libraries[i]);
        plugin_upload("beside");
    }
    for (int i = 2; i < count; i++) CHECK(dlclose(libraries[i]) == 0);
    plugin_upload("beside");
    return 0;
}
