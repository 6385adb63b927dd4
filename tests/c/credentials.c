/* Sources of credentials: a function that answers at once, later, wrongly or never, a queue, and frees in any order. */
#define _POSIX_C_SOURCE 200809L
#include "fixture.h"
#include "system.h"

#include <pthread.h>
#include <time.h>

static void rest(void)
{
    const struct timespec moment = {0, 2000000};
    nanosleep(&moment, NULL);
}

/* One try, so that a failure is told at once. */
static ossup_config *bare_config(void)
{
    ossup_config *config = make_bare_config();
    CHECK_STATUS(OSSUP_OK, ossup_config_set_max_attempts(config, 1));
    return config;
}

static ossup_client *client_of(ossup_config *config)
{
    ossup_client *client = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_client_new(config, &client, NULL));
    ossup_config_free(config);
    return client;
}

/* What a provider function is to do, and what became of it. */
struct provider {
    void (*answer)(struct provider *, ossup_credentials_request *);
    pthread_mutex_t mutex;
    unsigned asked, released;
    ossup_credentials_request *kept;
};

#define PROVIDER(how) {.answer = (how), .mutex = PTHREAD_MUTEX_INITIALIZER}

static void provide(ossup_credentials_request *request, void *user_data)
{
    struct provider *provider = user_data;
    pthread_mutex_lock(&provider->mutex);
    CHECK(provider->released == 0);
    provider->asked++;
    pthread_mutex_unlock(&provider->mutex);
    provider->answer(provider, request);
}

static void release(void *user_data)
{
    struct provider *provider = user_data;
    pthread_mutex_lock(&provider->mutex);
    provider->released++;
    pthread_mutex_unlock(&provider->mutex);
}

static unsigned released(struct provider *provider)
{
    pthread_mutex_lock(&provider->mutex);
    unsigned count = provider->released;
    pthread_mutex_unlock(&provider->mutex);
    return count;
}

static void wait_for_release(struct provider *provider)
{
    for (int i = 0; i < 5000 && released(provider) == 0; i++) rest();
    CHECK(released(provider) == 1);
}

static void wait_until_asked(struct provider *provider)
{
    unsigned asked = 0;
    for (int i = 0; i < 5000 && asked == 0; i++) {
        rest();
        pthread_mutex_lock(&provider->mutex);
        asked = provider->asked;
        pthread_mutex_unlock(&provider->mutex);
    }
    CHECK(asked == 1);
}

static ossup_config *config_with(struct provider *provider)
{
    ossup_config *config = bare_config();
    CHECK_STATUS(OSSUP_OK, ossup_config_add_credentials_provider(config, provide, provider, release));
    return config;
}

static void give(const ossup_credentials_request *request)
{
    CHECK_STATUS(OSSUP_OK, ossup_credentials_request_give(request, "ak", "sk", NULL, 0, NULL));
}

static void at_once(struct provider *provider, ossup_credentials_request *request)
{
    ossup_error *error = NULL;
    (void)provider;
    CHECK(ossup_credentials_request_is_wanted(request));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_credentials_request_give(request, "", "sk", NULL, 0, NULL));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_credentials_request_give(request, "ak", NULL, NULL, 0, &error));
    check_error(&error, "AccessKeySecret");
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_credentials_request_give(request, "ak", "sk", "", 0, NULL));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_credentials_request_give(request, "ak", "sk", BAD_UTF8, 0, NULL));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_credentials_request_give(request, "ak", "sk", NULL, -1, NULL));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_credentials_request_fail(request, NULL, true));
    give(request);
    CHECK(!ossup_credentials_request_is_wanted(request));
    CHECK_STATUS(OSSUP_INVALID_STATE, ossup_credentials_request_give(request, "ak", "sk", NULL, 0, NULL));
    CHECK_STATUS(OSSUP_INVALID_STATE, ossup_credentials_request_fail(request, "too late", true));
    ossup_credentials_request_free(request);
}

static void *answer_later(void *request)
{
    rest();
    give(request);
    ossup_credentials_request_free(request);
    return NULL;
}

static void from_another_thread(struct provider *provider, ossup_credentials_request *request)
{
    pthread_t thread;
    (void)provider;
    CHECK(pthread_create(&thread, NULL, answer_later, request) == 0);
    CHECK(pthread_detach(thread) == 0);
}

static void with_a_failure(struct provider *provider, ossup_credentials_request *request)
{
    (void)provider;
    CHECK_STATUS(OSSUP_OK, ossup_credentials_request_fail(request, "the vault is sealed", false));
    ossup_credentials_request_free(request);
}

static void with_nothing(struct provider *provider, ossup_credentials_request *request)
{
    (void)provider;
    ossup_credentials_request_free(request);
}

static void never(struct provider *provider, ossup_credentials_request *request)
{
    pthread_mutex_lock(&provider->mutex);
    provider->kept = request;
    pthread_mutex_unlock(&provider->mutex);
}

/* It may call any function: here it uploads by another client, and it may not end the library that it runs in. */
static void after_an_upload(struct provider *provider, ossup_credentials_request *request)
{
    struct path file = path_of("credentials.bin");
    ossup_client *client = make_client();
    ossup_request *upload = make_request("credentials/inner", file.text);
    (void)provider;
    CHECK_STATUS(OSSUP_WOULD_DEADLOCK, ossup_shutdown(-1));
    CHECK_STATUS(OSSUP_OK, ossup_client_upload_file(client, upload, NULL, NULL));
    ossup_request_free(upload);
    ossup_client_free(client);
    give(request);
    ossup_credentials_request_free(request);
}

static void uploads_with(struct provider provider, const char *file, const char *says)
{
    ossup_client *client = client_of(config_with(&provider));
    ossup_request *request = make_request("credentials/provided", file);
    ossup_error *error = NULL;
    for (int i = 0; i < 2; i++) {
        ossup_status status = ossup_client_upload_file(client, request, NULL, &error);
        CHECK_STATUS(says == NULL ? OSSUP_OK : OSSUP_NO_CREDENTIALS, status);
        if (says != NULL) check_error(&error, says);
    }
    CHECK(error == NULL);
    CHECK(provider.asked == (says == NULL ? 1u : 2u));
    ossup_request_free(request);
    CHECK(released(&provider) == 0);
    ossup_client_free(client);
    wait_for_release(&provider);
}

static void a_config_without_a_client_releases_too(void)
{
    struct provider provider = PROVIDER(at_once);
    ossup_config *config = config_with(&provider);
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_config_add_credentials_provider(config, NULL, &provider, release));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_config_add_credentials_provider(NULL, provide, &provider, release));
    CHECK(released(&provider) == 0);
    ossup_config_free(config);
    wait_for_release(&provider);
    CHECK(provider.asked == 0);
}

static ossup_credentials_request *kept(struct provider *provider)
{
    ossup_credentials_request *request = NULL;
    for (int i = 0; i < 5000 && request == NULL; i++) {
        rest();
        pthread_mutex_lock(&provider->mutex);
        request = provider->kept;
        provider->kept = NULL;
        pthread_mutex_unlock(&provider->mutex);
    }
    CHECK(request != NULL);
    return request;
}

/* Nobody answers: the upload fails in the time that it was given, or is paused meanwhile; the request outlives all. */
static void one_that_never_answers(const char *file)
{
    struct provider provider = PROVIDER(never);
    ossup_config *config = config_with(&provider);
    CHECK_STATUS(OSSUP_OK, ossup_config_set_credentials_timeout_ms(config, 100));
    ossup_client *client = client_of(config);
    ossup_request *request = make_request("credentials/never", file);
    ossup_error *error = NULL;
    CHECK_STATUS(OSSUP_NO_CREDENTIALS, ossup_client_upload_file(client, request, NULL, &error));
    CHECK(ossup_error_is_temporary(error));
    check_error(&error, "100 ms");
    ossup_credentials_request *late = kept(&provider);
    CHECK(!ossup_credentials_request_is_wanted(late));
    give(late);
    ossup_credentials_request_free(late);
    ossup_request_free(request);
    ossup_client_free(client);
    wait_for_release(&provider);

    struct provider patient = PROVIDER(never);
    client = client_of(config_with(&patient));
    ossup_upload *upload = make_upload(client, "credentials/paused", file, true);
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    late = kept(&patient);
    CHECK_STATUS(OSSUP_OK, ossup_upload_pause(upload));
    CHECK_STATUS(OSSUP_PAUSED, ossup_upload_wait(upload, -1, NULL));
    ossup_upload_free(upload);
    ossup_client_free(client);
    wait_for_release(&patient);
    CHECK_STATUS(OSSUP_OK, ossup_credentials_request_fail(late, "nobody hears it", true));
    ossup_credentials_request_free(late);
}

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static void when_the_gate_is_open(struct provider *provider, ossup_credentials_request *request)
{
    (void)provider;
    pthread_mutex_lock(&gate);
    pthread_mutex_unlock(&gate);
    give(request);
    ossup_credentials_request_free(request);
}

/* A function that takes too long is not called again for those who have given up meanwhile. */
static void one_that_takes_too_long(const char *file)
{
    struct provider provider = PROVIDER(when_the_gate_is_open);
    ossup_config *config = config_with(&provider);
    CHECK_STATUS(OSSUP_OK, ossup_config_set_credentials_timeout_ms(config, 50));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_max_attempts(config, 3));
    ossup_client *client = client_of(config);
    ossup_upload *upload = make_upload(client, "credentials/too-long", file, true);
    pthread_mutex_lock(&gate);
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    CHECK_STATUS(OSSUP_NO_CREDENTIALS, ossup_upload_wait(upload, -1, NULL));
    pthread_mutex_unlock(&gate);
    ossup_upload_free(upload);
    ossup_client_free(client);
    wait_for_release(&provider);
    CHECK(provider.asked == 1);
}

/* More of them than the library has threads for files may hang: no other client is held up, and they come back. */
static void many_that_hang(const char *file)
{
    enum { HANGING = 70 };
    static struct provider providers[HANGING];
    ossup_client *clients[HANGING];
    ossup_upload *uploads[HANGING];
    pthread_mutex_lock(&gate);
    for (int i = 0; i < HANGING; i++) {
        char key[40];
        providers[i] = (struct provider)PROVIDER(when_the_gate_is_open);
        clients[i] = client_of(config_with(&providers[i]));
        snprintf(key, sizeof key, "credentials/hanging-%d", i);
        uploads[i] = make_upload(clients[i], key, file, false);
        CHECK_STATUS(OSSUP_OK, ossup_upload_start(uploads[i], NULL));
    }
    for (int i = 0; i < HANGING; i++) wait_until_asked(&providers[i]);
    ossup_client *quick = make_client();
    ossup_upload *upload = make_upload(quick, "credentials/quick", file, true);
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_wait(upload, 60000, NULL));
    ossup_upload_free(upload);
    ossup_client_free(quick);
    pthread_mutex_unlock(&gate);
    for (int i = 0; i < HANGING; i++) {
        CHECK_STATUS(OSSUP_OK, ossup_upload_wait(uploads[i], 60000, NULL));
        ossup_upload_free(uploads[i]);
        ossup_client_free(clients[i]);
        wait_for_release(&providers[i]);
    }
}

static ossup_event *next(ossup_queue *queue, ossup_event_kind kind)
{
    for (;;) {
        ossup_event *event = NULL;
        CHECK_STATUS(OSSUP_OK, ossup_queue_next(queue, 60000, &event));
        if (ossup_event_get_kind(event) == kind) return event;
        CHECK(ossup_event_get_kind(event) == OSSUP_EVENT_PROGRESS);
        ossup_event_free(event);
    }
}

/* The pull form: one queue for the upload's events and for its credentials. */
static void a_queue(const char *file)
{
    ossup_queue *queue = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_queue_new(&queue));
    ossup_config *config = bare_config();
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_config_add_credentials_queue(NULL, queue, 9));
    CHECK_STATUS(OSSUP_OK, ossup_config_add_credentials_queue(config, queue, 9));
    ossup_client *client = client_of(config);

    ossup_upload *upload = make_upload(client, "credentials/queue", file, true);
    CHECK_STATUS(OSSUP_OK, ossup_upload_set_queue(upload, queue, 4));
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    ossup_event *event = next(queue, OSSUP_EVENT_CREDENTIALS);
    ossup_credentials_request *request = NULL, *again = NULL;
    ossup_upload *none = NULL;
    ossup_progress progress = {.struct_size = sizeof progress};
    CHECK(ossup_event_tag(event) == 9);
    CHECK_STATUS(OSSUP_INVALID_STATE, ossup_event_upload(event, &none));
    CHECK_STATUS(OSSUP_INVALID_STATE, ossup_event_progress(event, &progress));
    CHECK_STATUS(OSSUP_OK, ossup_event_credentials(event, &request));
    CHECK_STATUS(OSSUP_INVALID_STATE, ossup_event_credentials(event, &again));
    CHECK(none == NULL && again == NULL);
    ossup_event_free(event);
    give(request);
    ossup_credentials_request_free(request);
    event = next(queue, OSSUP_EVENT_COMPLETE);
    CHECK(ossup_event_tag(event) == 4);
    CHECK_STATUS(OSSUP_INVALID_STATE, ossup_event_credentials(event, &again));
    ossup_event_free(event);
    CHECK_STATUS(OSSUP_OK, ossup_upload_wait(upload, -1, NULL));
    ossup_upload_free(upload);
    ossup_client_free(client);
    ossup_queue_free(queue);
}

/* An event that is freed unanswered, and a queue that is freed with one in it or before the question comes, fail the
   upload at once. */
static void a_queue_without_an_answer(const char *file)
{
    enum { THE_EVENT_IS_FREED, THE_QUEUE_IS_FREED, THE_QUEUE_IS_GONE, CASES };
    for (int how = 0; how < CASES; how++) {
        ossup_queue *queue = NULL;
        ossup_error *error = NULL;
        CHECK_STATUS(OSSUP_OK, ossup_queue_new(&queue));
        CHECK(!is_ready(queue, 0));
        ossup_config *config = bare_config();
        CHECK_STATUS(OSSUP_OK, ossup_config_add_credentials_queue(config, queue, 9));
        ossup_client *client = client_of(config);
        if (how == THE_QUEUE_IS_GONE) ossup_queue_free(queue);
        ossup_upload *upload = make_upload(client, "credentials/unanswered", file, true);
        CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
        if (how != THE_QUEUE_IS_GONE) {
            ossup_event *event = next(queue, OSSUP_EVENT_CREDENTIALS);
            if (how == THE_QUEUE_IS_FREED) ossup_queue_free(queue);
            ossup_event_free(event);
            if (how == THE_EVENT_IS_FREED) ossup_queue_free(queue);
        }
        CHECK_STATUS(OSSUP_NO_CREDENTIALS, ossup_upload_wait(upload, -1, &error));
        CHECK(!ossup_error_is_temporary(error));
        check_error(&error, "without an answer");
        ossup_upload_free(upload);
        ossup_client_free(client);
    }
}

/* The chain: the first source that has some counts. Nothing listens at the second one's port. */
static void several_sources(const char *file)
{
    struct provider provider = PROVIDER(at_once);
    ossup_config *config = bare_config();
    CHECK_STATUS(OSSUP_OK, ossup_config_add_environment_credentials(config));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_ecs_metadata_endpoint(config, "http://127.0.0.1:1"));
    CHECK_STATUS(OSSUP_OK, ossup_config_add_ecs_ram_role(config, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_sts_endpoint(config, "http://127.0.0.1:1"));
    CHECK_STATUS(OSSUP_OK, ossup_config_add_oidc_role(config, "arn", "arn", "/no/such/token"));
    ossup_client *without = NULL;
    ossup_error *error = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_client_new(config, &without, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_config_add_credentials_provider(config, provide, &provider, release));
    ossup_client *client = client_of(config);
    ossup_request *request = make_request("credentials/several", file);

    CHECK_STATUS(OSSUP_NO_CREDENTIALS, ossup_client_upload_file(without, request, NULL, &error));
    static const char *const SAID[] = {"OSS_ACCESS_KEY_ID", "ECS RAM role", "127.0.0.1:1", "/no/such/token"};
    for (size_t i = 0; i < sizeof SAID / sizeof *SAID; i++) CHECK_NAMES(SAID[i], ossup_error_message(error));
    ossup_error_free(error);
    CHECK(provider.asked == 0);
    CHECK_STATUS(OSSUP_OK, ossup_client_upload_file(client, request, NULL, NULL));
    CHECK(provider.asked == 1);
    ossup_request_free(request);
    ossup_client_free(without);
    ossup_client_free(client);
    wait_for_release(&provider);
}

/* A question that is still open when the library ends. */
static ossup_credentials_request *left_open(const char *file, struct provider *provider)
{
    ossup_client *client = client_of(config_with(provider));
    ossup_upload *upload = make_upload(client, "credentials/open", file, true);
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    ossup_credentials_request *request = kept(provider);
    CHECK_STATUS(OSSUP_OK, ossup_shutdown(60000));
    CHECK_STATUS(OSSUP_PAUSED, ossup_upload_wait(upload, -1, NULL));
    ossup_upload_free(upload);
    ossup_client_free(client);
    return request;
}

int main(void)
{
    struct path file = make_file("credentials.bin", 300000);
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_credentials_request_give(NULL, "ak", "sk", NULL, 0, NULL));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_credentials_request_fail(NULL, "why", false));
    CHECK(!ossup_credentials_request_is_wanted(NULL));
    ossup_credentials_request_free(NULL);

    uploads_with((struct provider)PROVIDER(at_once), file.text, NULL);
    uploads_with((struct provider)PROVIDER(from_another_thread), file.text, NULL);
    uploads_with((struct provider)PROVIDER(after_an_upload), file.text, NULL);
    uploads_with((struct provider)PROVIDER(with_a_failure), file.text, "the vault is sealed");
    uploads_with((struct provider)PROVIDER(with_nothing), file.text, "without an answer");
    a_config_without_a_client_releases_too();
    one_that_never_answers(file.text);
    one_that_takes_too_long(file.text);
    many_that_hang(file.text);
    a_queue(file.text);
    a_queue_without_an_answer(file.text);
    several_sources(file.text);

    struct provider provider = PROVIDER(never);
    ossup_credentials_request *request = left_open(file.text, &provider);
    wait_for_release(&provider);
    give(request);
    ossup_credentials_request_free(request);
    return 0;
}
