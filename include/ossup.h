/*
 * ossup: resumable file upload to Alibaba Cloud OSS.
 *
 * In short: make a config and a client once; make a request; upload. The same request goes on where it was stopped.
 *
 *   Handles     All types but ossup_progress are opaque. What a function makes (an `out` parameter), its _free frees;
 *               _free(NULL) is nothing, and the order of frees does not matter.
 *   Text        NUL-terminated UTF-8, copied before a call returns. Paths are the operating system's bytes, on Windows
 *               UTF-8, or UTF-16 by the functions whose names end with _w. Text that is returned lives as long as the
 *               handle that it was read from: nothing frees a string.
 *   Errors      Functions that can fail return an ossup_status. Those that can fail for many reasons also take a last
 *               `ossup_error **`: NULL, or a place that is written on failure only. Outputs are written on success only,
 *               but for what says otherwise. There is no last error of a thread.
 *   NULL        is OSSUP_INVALID_ARGUMENT wherever nothing else is said. Nothing is printed, nothing aborts.
 *   Setters     answer OSSUP_INVALID_ARGUMENT to what their comment does not allow. They may go unchecked: the
 *               call that uses the config or the request reports the first that was refused, by its name.
 *   Defects     are OSSUP_INTERNAL, of any function, with what is known of them as the error's message.
 *   Threads     "Any thread" means any number at once. A config, a request and an event are for one thread at a time.
 *               A handle that is taken as const may be shared; it is not promised to stay as it is.
 *               No handle may be freed while another thread is in a call with it.
 *   Signals     The library changes no handler and blocks all signals on its own threads.
 *   fork        In a child of a process in which an upload was started, all that needs the library's threads answers
 *               OSSUP_FORKED, and frees do nothing; exec is fine. A child keeps the lock on a record until it ends or
 *               execs.
 *   dlclose     leaves the library loaded, and so does FreeLibrary.
 *   The end     of a process waits for nothing of the library's. On Windows, where DLLs are taken down when all other
 *               threads are gone, what is called then answers OSSUP_SHUT_DOWN, and frees do nothing.
 */

#ifndef OSSUP_H
#define OSSUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * The version of the binary interface. Compare it with ossup_abi_version() before the first other call.
 */
#define OSSUP_ABI_VERSION 1

/**
 * The signature that private deployments of old know; OSS itself refuses it for new accounts and buckets.
 */
#define OSSUP_SIGNATURE_V1 1

/**
 * The default signature.
 */
#define OSSUP_SIGNATURE_V4 4

/**
 * Into the region by the internet: the default.
 */
#define OSSUP_NETWORK_PUBLIC 0

/**
 * Into the region by its own network, from machines that are in it.
 */
#define OSSUP_NETWORK_INTERNAL 1

/**
 * Into the region by the internet, with IPv6 as well as IPv4.
 */
#define OSSUP_NETWORK_DUAL_STACK 2

/**
 * By transfer acceleration, which the bucket must have switched on.
 */
#define OSSUP_NETWORK_ACCELERATE 3

/**
 * By transfer acceleration outside mainland China.
 */
#define OSSUP_NETWORK_ACCELERATE_OVERSEAS 4

/**
 * The size of a stream that nobody knows yet.
 */
#define OSSUP_UNKNOWN_SIZE UINT64_MAX

/**
 * What a call, or an upload, came to. 0 is success; the tens say where the cause lies: the caller, this
 * machine, the network, the service, the caller's wish, a defect. Values are never reused; take those that
 * you do not know for failures.
 */
enum ossup_status
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Success.
   */
  OSSUP_OK = 0,
  /**
   * An argument is NULL, malformed or out of range; the message names it.
   */
  OSSUP_INVALID_ARGUMENT = 10,
  /**
   * The call does not fit the handle's state.
   */
  OSSUP_INVALID_STATE = 11,
  /**
   * The call would wait for the very thread that it runs on.
   */
  OSSUP_WOULD_DEADLOCK = 12,
  /**
   * The time given for waiting is over; nothing else happened.
   */
  OSSUP_TIMED_OUT = 13,
  /**
   * The process is a fork of the one that uses the library.
   */
  OSSUP_FORKED = 14,
  /**
   * The library was shut down.
   */
  OSSUP_SHUT_DOWN = 15,
  /**
   * The file to upload is missing, unreadable or no regular file.
   */
  OSSUP_SOURCE_UNREADABLE = 20,
  /**
   * The file to upload changed while it was uploaded; no object was made of it.
   */
  OSSUP_SOURCE_CHANGED = 21,
  /**
   * The checkpoint cannot be read, written or locked.
   */
  OSSUP_CHECKPOINT_UNUSABLE = 22,
  /**
   * Something else than this upload's record is at the checkpoint's place; it was left as it is.
   */
  OSSUP_CHECKPOINT_FOREIGN = 23,
  /**
   * The record was written by a newer version; it was left as it is.
   */
  OSSUP_CHECKPOINT_TOO_NEW = 24,
  /**
   * Another upload holds the record.
   */
  OSSUP_BUSY = 25,
  /**
   * The system refused threads, memory or file descriptors.
   */
  OSSUP_NO_RESOURCES = 26,
  /**
   * No credentials could be had; the message says what each source answered.
   */
  OSSUP_NO_CREDENTIALS = 27,
  /**
   * No connection: name resolution, routing or a refusal.
   */
  OSSUP_UNREACHABLE = 30,
  /**
   * A connection broke.
   */
  OSSUP_CONNECTION_LOST = 31,
  /**
   * TLS could not be agreed on, or the certificate is not trusted.
   */
  OSSUP_TLS_FAILED = 32,
  /**
   * Nothing moved for too long.
   */
  OSSUP_NETWORK_TIMEOUT = 33,
  /**
   * The answer is not what OSS answers.
   */
  OSSUP_BAD_ANSWER = 34,
  /**
   * OSS refused, for a reason without a status of its own: see the error's OSS code.
   */
  OSSUP_SERVICE_ERROR = 40,
  /**
   * OSS refused the credentials, the signature or the permission.
   */
  OSSUP_ACCESS_DENIED = 41,
  /**
   * The bucket does not exist.
   */
  OSSUP_NO_SUCH_BUCKET = 42,
  /**
   * OSS keeps losing the multipart upload.
   */
  OSSUP_NO_SUCH_UPLOAD = 43,
  /**
   * The object exists and must not be overwritten.
   */
  OSSUP_ALREADY_EXISTS = 44,
  /**
   * OSS is overloaded or limits the rate.
   */
  OSSUP_THROTTLED = 45,
  /**
   * What OSS holds is not what was sent.
   */
  OSSUP_CHECKSUM_MISMATCH = 46,
  /**
   * The object is stored, but the callback to the application server failed.
   */
  OSSUP_CALLBACK_FAILED = 47,
  /**
   * The answer to the last request was lost, and whether the object is stored cannot be found out.
   */
  OSSUP_UNCONFIRMED = 48,
  /**
   * Paused, as asked for.
   */
  OSSUP_PAUSED = 50,
  /**
   * Aborted, as asked for.
   */
  OSSUP_ABORTED = 51,
  /**
   * Stopped at its deadline, as asked for; what there is was kept, as by a pause.
   */
  OSSUP_DEADLINE_EXCEEDED = 52,
  /**
   * A defect of the library.
   */
  OSSUP_INTERNAL = 90,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum ossup_status ossup_status;
#else
typedef int32_t ossup_status;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What a line of the log is for. A log of one level has the lines of those above it, too.
 */
enum ossup_log_level
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * No line: switches the log off.
   */
  OSSUP_LOG_OFF = 0,
  /**
   * An upload that failed.
   */
  OSSUP_LOG_ERROR = 1,
  /**
   * What went wrong without stopping an upload: each request that is tried again, each warning of a result.
   */
  OSSUP_LOG_WARN = 2,
  /**
   * What uploads begin, decide and do: start, resume or not and why, credentials, end.
   */
  OSSUP_LOG_INFO = 3,
  /**
   * Each try of each request, and each step of the record.
   */
  OSSUP_LOG_DEBUG = 4,
  /**
   * Each part.
   */
  OSSUP_LOG_TRACE = 5,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum ossup_log_level ossup_log_level;
#else
typedef int32_t ossup_log_level;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What an upload is busy with.
 */
enum ossup_phase
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Finding out what there is to do.
   */
  OSSUP_PHASE_PREPARING = 0,
  /**
   * Sending parts.
   */
  OSSUP_PHASE_UPLOADING = 1,
  /**
   * Every part is there; the object is being made.
   */
  OSSUP_PHASE_COMPLETING = 2,
  /**
   * The object is confirmed. Nothing else means 100 %.
   */
  OSSUP_PHASE_DONE = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum ossup_phase ossup_phase;
#else
typedef int32_t ossup_phase;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What an event tells. Later versions may tell more: free events of kinds that you do not know.
 */
enum ossup_event_kind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * No event: what ossup_event_get_kind returns for NULL.
   */
  OSSUP_EVENT_NONE = 0,
  /**
   * There is progress. At most one such event of an upload is waiting at a time. The last one comes before
   * OSSUP_EVENT_COMPLETE, and whoever reads the progress then sees how far the upload came.
   */
  OSSUP_EVENT_PROGRESS = 1,
  /**
   * An upload is over; the last event of it. From then on ossup_upload_wait returns at once, unless a listener or another
   * queue is still told.
   */
  OSSUP_EVENT_COMPLETE = 2,
  /**
   * Credentials are needed: take the request with ossup_event_credentials and answer it.
   */
  OSSUP_EVENT_CREDENTIALS = 3,
  /**
   * A line of the log. When 1024 of one config wait, further ones are lost, and counted by the last.
   */
  OSSUP_EVENT_LOG = 4,
  /**
   * A stream is worth another ossup_upload_write: after one that took less than it was given, as there was too little room,
   * there is some again, or nothing is taken any more, as the upload stops or has failed; the write says which. One such
   * event for all writes that found too little room since the one before was taken; never after OSSUP_EVENT_COMPLETE.
   */
  OSSUP_EVENT_WRITABLE = 5,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum ossup_event_kind ossup_event_kind;
#else
typedef int32_t ossup_event_kind;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What a record says.
 */
enum ossup_record_state
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * That an upload is about to begin. What is not said is 0 or NULL.
   */
  OSSUP_RECORD_BLANK = 0,
  /**
   * How far an upload is.
   */
  OSSUP_RECORD_UPLOADING = 1,
  /**
   * The same; all parts are there, and the object was about to be made.
   */
  OSSUP_RECORD_COMPLETING = 2,
  /**
   * Nothing that can be read: the next upload begins anew.
   */
  OSSUP_RECORD_DAMAGED = 3,
  /**
   * Something that only a newer version of the library can read.
   */
  OSSUP_RECORD_TOO_NEW = 4,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum ossup_record_state ossup_record_state;
#else
typedef int32_t ossup_record_state;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Connections, credentials and the server's clock. Any thread; one for a whole program is best.
 */
typedef struct ossup_client ossup_client;

/**
 * How a client speaks to OSS. A builder: one thread at a time.
 */
typedef struct ossup_config ossup_config;

/**
 * A question for credentials. It is the host's, to be answered once, at once or later, from any thread, and to be
 * freed. Freed without an answer, it counts as failed.
 */
typedef struct ossup_credentials_request ossup_credentials_request;

/**
 * What went wrong. Immutable; any thread.
 */
typedef struct ossup_error ossup_error;

/**
 * One event. It belongs to whoever took it, to be freed; queue, client and upload may be freed before. One of progress and one
 * of an end keep their upload alive, others do not. One thread at a time.
 */
typedef struct ossup_event ossup_event;

/**
 * Incomplete uploads of a bucket, by key. Immutable; any thread. Text lives as long as it.
 */
typedef struct ossup_incomplete_uploads ossup_incomplete_uploads;

/**
 * Where events arrive, in order, from any number of uploads and clients. Any thread. Each event is taken once, by one
 * ossup_queue_next; those that nobody takes wait until the queue is freed.
 */
typedef struct ossup_queue ossup_queue;

/**
 * A record, as it was when it was read. Immutable; any thread.
 */
typedef struct ossup_record ossup_record;

/**
 * All records of a folder, as they were when they were read. Immutable; any thread.
 */
typedef struct ossup_record_list ossup_record_list;

/**
 * The parameters of one upload. A builder: one thread at a time. A value: uploads copy it, and starting the same
 * request again is how an upload is resumed.
 */
typedef struct ossup_request ossup_request;

/**
 * What a finished upload did, success or not. Immutable; any thread. Text and bytes live as long as it.
 */
typedef struct ossup_result ossup_result;

/**
 * What an upload has sent, as one line of text: give it to ossup_request_set_resume_token, in this process or another,
 * here or on another machine that has the same file. It holds no secret. Immutable; any thread.
 */
typedef struct ossup_resume_token ossup_resume_token;

/**
 * One upload. Any thread.
 *
 * What stops it, and what stays:
 *
 * ```text
 * call or event              on the server       record     status                   the same request again
 * ossup_upload_pause         parts stay          stays      OSSUP_PAUSED             goes on
 * the request's deadline     parts stay          stays      OSSUP_DEADLINE_EXCEEDED  goes on
 * ossup_upload_abort         aborted             deleted    OSSUP_ABORTED            begins anew
 * an error, with a record    parts stay          stays      the error's              goes on
 * an error, without one      aborted             -          the error's              begins anew
 * SOURCE_CHANGED or          aborted             deleted    the error's              begins anew
 *   ALREADY_EXISTS
 * ossup_shutdown,            parts stay with a   stays      OSSUP_PAUSED             goes on; without a record begins anew
 *   ossup_client_shutdown    record or a token
 * the process is killed      parts stay          stays      -                        goes on; without a record begins anew
 * ossup_upload_free          -                   -          unchanged                -
 * the last one of a stream   aborted, or stays   stays      OSSUP_PAUSED             goes on; without a record begins anew
 *   that was not finished      with a token
 * ```
 *
 * A pause without a record keeps the parts for a resume token. What nobody has a token of when the upload's last handle and
 * result are freed is aborted then, in the background: both shutdowns wait for that. What somebody has a token of is kept,
 * also after another error than these two: its owner goes on from it, or aborts it. So is what a resume token or
 * ossup_request_set_recover led to, as it was there before. Both verbs lose against an upload that completes first. Once
 * an upload is over, nothing of it is in flight.
 */
typedef struct ossup_upload ossup_upload;

/**
 * Is asked for credentials: on a thread of the library's own, for one question at a time, so that it may take its
 * time. Any function may be called in it but both shutdowns; an upload by a client of the same config would wait for
 * itself, until the credentials timeout. It must not unwind.
 *
 * request: the function's to keep; answer it, at once or later, and free it.
 */
typedef void (*ossup_credentials_fn)(ossup_credentials_request *request, void *user_data);

/**
 * Gives user data back, exactly once: after this no function is called with it.
 */
typedef void (*ossup_release_fn)(void *user_data);

/**
 * Is told a line of the log: on the library's callback thread, which all callbacks of the process share. All is lent for the
 * call. Any function may be called in it but those that wait; what these calls log in turn comes later. It must not unwind.
 *
 * level: one of ossup_log_level, but not OSSUP_LOG_OFF.
 * message: one line, without its end.
 * upload: the one that the line is about; NULL when it is about none, or when that is gone.
 */
typedef void (*ossup_log_fn)(ossup_log_level level, const char *message, ossup_upload *upload, void *user_data);

/**
 * How far an upload is, in absolute numbers. It may grow at its end in later versions.
 */
typedef struct {
  /**
   * The size of this struct as whoever fills it knows it. Set it before asking for progress; in a callback, fields
   * beyond it are not there.
   */
  size_t struct_size;
  /**
   * What the upload is busy with.
   */
  ossup_phase phase;
  /**
   * How many parts there are; 0 while the end of a stream is not known.
   */
  uint32_t parts_total;
  /**
   * How many parts OSS confirmed.
   */
  uint32_t parts_confirmed;
  /**
   * The file's size; 0 while the end of a stream is not known. What is shown in percent is shown only where this is not 0.
   */
  uint64_t bytes_total;
  /**
   * Bytes of confirmed parts. It never decreases, and begins with the reused ones.
   */
  uint64_t bytes_confirmed;
  /**
   * Bytes sent of parts that are not confirmed yet.
   */
  uint64_t bytes_in_flight;
  /**
   * Bytes that an earlier run sent.
   */
  uint64_t bytes_reused;
} ossup_progress;

/**
 * Is told how far an upload is: on the library's callback thread, at most once per progress interval. Both pointers
 * are lent for the call.
 */
typedef void (*ossup_progress_fn)(ossup_upload *upload, const ossup_progress *progress, void *user_data);

/**
 * Is told, exactly once, that an upload is over: on the library's callback thread, after the last progress. The
 * upload is lent for the call.
 */
typedef void (*ossup_complete_fn)(ossup_upload *upload, ossup_status status, void *user_data);

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * Returns the library's version, such as "0.1.0".
 */
const char *ossup_version(void);

/**
 * Returns the binary interface's version: OSSUP_ABI_VERSION of the header that the library was built with.
 */
uint32_t ossup_abi_version(void);

/**
 * Returns a few lines for a support ticket: versions, what the library was built for, how it does TLS and where its roots come
 * from, limits and defaults. The text is the same for as long as the library is; nothing of the host's is in it.
 */
const char *ossup_diagnostics(void);

/**
 * Returns a status's name without its prefix, such as "PAUSED"; "UNKNOWN" for numbers that are none.
 */
const char *ossup_status_name(int32_t status);

/**
 * Sets how many threads carry all uploads of the process over the network. Nothing has to be set: two carry any number of
 * uploads, and more only help where two cannot fill the network. They are started by the first ossup_upload_start or the
 * first call that asks the server. Threads that read files and the one for callbacks come besides. Any thread.
 *
 * threads: 1 to 64. Default: 2.
 * Errors: OSSUP_INVALID_ARGUMENT, OSSUP_INVALID_STATE once they were started, OSSUP_FORKED.
 */
ossup_status ossup_set_worker_threads(uint32_t threads);

/**
 * Pauses all uploads, aborts what neither a record nor a token leads back to, runs the last callbacks and ends the
 * library's threads. It is for hosts that pause uploads without a record, as what is being aborted in the background stays
 * on the server when the process ends first; for exact leak checks; and for hosts whose callbacks must not run later. Others
 * need not call it before exit. From its beginning on no upload can be started, and no token be had of what was aborted. Where
 * user data is given back afterwards, release runs inside the call that frees.
 *
 * What is one client's alone, as in a plugin, is for ossup_client_shutdown.
 *
 * timeout_ms: how long to wait for what hangs; negative waits for ever.
 * Errors: OSSUP_TIMED_OUT when something still hangs: uploads that were not over in time end with OSSUP_SHUT_DOWN, as if the
 * process had been killed. OSSUP_WOULD_DEADLOCK in a callback and in a function
 * that provides credentials, OSSUP_FORKED.
 */
ossup_status ossup_shutdown(int64_t timeout_ms);

/**
 * Returns whether the answer is still waited for: whoever takes long may ask now and then, and give up. Any thread. False once
 * it was answered or the credentials timeout is over, for NULL, and in a fork's child.
 */
bool ossup_credentials_request_is_wanted(const ossup_credentials_request *request);

/**
 * Answers with credentials. An answer that nobody waits for any more is dropped. The request is still to be freed. Any
 * thread.
 *
 * token: the security token of a temporary access key; NULL when it is no temporary one.
 * expires_unix_s: the second since 1970 from which on OSS refuses them; 0 when it is not known. New ones are asked for
 * five minutes before, or a tenth of their life if that is shorter.
 * Errors: OSSUP_INVALID_ARGUMENT, after which the request is still to be answered; OSSUP_INVALID_STATE when it was
 * answered before; OSSUP_FORKED.
 */
ossup_status ossup_credentials_request_give(const ossup_credentials_request *request,
                                            const char *access_key_id,
                                            const char *access_key_secret,
                                            const char *token,
                                            int64_t expires_unix_s,
                                            ossup_error **error);

/**
 * Answers that there are no credentials. The request is still to be freed. Any thread.
 *
 * message: why; it becomes part of the upload's error, so it should hold no secret.
 * temporary: whether trying again may help. Otherwise uploads that wait for credentials fail at once; they can be
 * resumed all the same.
 * Errors: as ossup_credentials_request_give.
 */
ossup_status ossup_credentials_request_fail(const ossup_credentials_request *request,
                                            const char *message,
                                            bool temporary);

/**
 * Frees a request; when it was not answered, that is a failure. Clients, queues and the library itself may be gone by
 * then. NULL is nothing.
 */
void ossup_credentials_request_free(ossup_credentials_request *request);

/**
 * Makes a config with every parameter at its default.
 *
 * Errors: OSSUP_INVALID_ARGUMENT when out is NULL.
 */
ossup_status ossup_config_new(ossup_config **out);

/**
 * Sets the host that requests go to, such as "https://oss-cn-hangzhou.aliyuncs.com" or "http://127.0.0.1:9000".
 * HTTPS unless it says http://; a port may follow. An IP address and localhost mean path style. Default: the
 * region's public endpoint.
 */
ossup_status ossup_config_set_endpoint(ossup_config *config,
                                       const char *endpoint);

/**
 * Sets the region, such as "cn-hangzhou". Signature version 4 needs it; it is read from endpoints that name it.
 * Default: none.
 */
ossup_status ossup_config_set_region(ossup_config *config,
                                     const char *region);

/**
 * Sets the way into the region, one of OSSUP_NETWORK_PUBLIC (default), _INTERNAL, _DUAL_STACK, _ACCELERATE and
 * _ACCELERATE_OVERSEAS, where a region is set and no endpoint.
 */
ossup_status ossup_config_set_network(ossup_config *config,
                                      uint32_t network);

/**
 * Sets the product that signatures of version 4 are made for. Default: "oss", or "oss-cloudbox" for a cloud box.
 */
ossup_status ossup_config_set_product(ossup_config *config,
                                      const char *product);

/**
 * Sets the cloud box that signatures of version 4 are made for, such as "cb-f8z7yvzgwfkl9q0h". Default: the one that
 * the endpoint names, if it names one.
 */
ossup_status ossup_config_set_cloud_box_id(ossup_config *config,
                                           const char *cloud_box_id);

/**
 * Has signatures of version 4 cover one more header, such as "host" or "cache-control", on the requests that have it when
 * they are signed. Content-Type and all x-oss-* headers are covered anyway.
 */
ossup_status ossup_config_add_signed_header(ossup_config *config,
                                            const char *name);

/**
 * Sets the access key, in place of all sources of credentials that were added before. A client needs it or another
 * source. Default: none.
 *
 * token: the security token of a temporary access key; NULL when it is no temporary one.
 */
ossup_status ossup_config_set_credentials(ossup_config *config,
                                          const char *access_key_id,
                                          const char *access_key_secret,
                                          const char *token);

/**
 * Adds a source of credentials: OSS_ACCESS_KEY_ID, OSS_ACCESS_KEY_SECRET and OSS_SESSION_TOKEN of the environment, or
 * else ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET and ALIBABA_CLOUD_SECURITY_TOKEN. They are read
 * once, by ossup_client_new.
 *
 * Sources are asked in the order of these calls; the first that has credentials counts. What they give is kept, for all
 * uploads of a client, until shortly before its end or until OSS refuses it. When there are no credentials, uploads fail
 * with OSSUP_NO_CREDENTIALS and can be resumed.
 */
ossup_status ossup_config_add_environment_credentials(ossup_config *config);

/**
 * Adds a source of credentials: the RAM role of the ECS instance that this runs on. Its metadata service is asked
 * directly, through no proxy, and has one second for each answer. A session token (hardened mode) is used where the
 * service gives one; ALIBABA_CLOUD_IMDSV1_DISABLED=true in the environment allows nothing else, and
 * ALIBABA_CLOUD_ECS_METADATA_DISABLED=true switches this source off. ossup_client_new reads them.
 *
 * role_name: up to 64 letters, digits, hyphens, underscores and dots. NULL for ALIBABA_CLOUD_ECS_METADATA of the
 * environment, or else the role that the instance has.
 */
ossup_status ossup_config_add_ecs_ram_role(ossup_config *config,
                                           const char *role_name);

/**
 * Adds a source of credentials: a RAM role that STS lends in exchange for an OIDC token, as Kubernetes hands one to a
 * pod (RRSA). The token's file is read anew each time. STS is spoken to by HTTPS, through the same proxy and with the
 * same trust as OSS.
 *
 * role_arn, oidc_provider_arn, token_file: each NULL for ALIBABA_CLOUD_ROLE_ARN, ALIBABA_CLOUD_OIDC_PROVIDER_ARN or
 * ALIBABA_CLOUD_OIDC_TOKEN_FILE of the environment, which ossup_client_new reads, as it does
 * ALIBABA_CLOUD_ROLE_SESSION_NAME, the session's name. Default: "ossup".
 */
ossup_status ossup_config_add_oidc_role(ossup_config *config,
                                        const char *role_arn,
                                        const char *oidc_provider_arn,
                                        const char *token_file);

#if defined(_WIN32)
/**
 * As ossup_config_add_oidc_role, by a path in UTF-16.
 */
ossup_status ossup_config_add_oidc_role_w(ossup_config *config,
                                          const char *role_arn,
                                          const char *oidc_provider_arn,
                                          const wchar_t *token_file);
#endif

/**
 * Adds a source of credentials: a function of the caller's. A function that takes long holds up neither uploads that
 * still have credentials nor other clients.
 *
 * user_data: given to the function. It is the library's as soon as this returns OSSUP_OK, until release is called on the
 * callback thread, exactly once, when the config and all its clients and their uploads are gone.
 * release: may be NULL.
 */
ossup_status ossup_config_add_credentials_provider(ossup_config *config,
                                                   ossup_credentials_fn provider,
                                                   void *user_data,
                                                   ossup_release_fn release);

/**
 * Adds a source of credentials: whoever takes events from a queue. Each question is an event of kind
 * OSSUP_EVENT_CREDENTIALS with the tag; ossup_event_credentials takes it out. A queue that was freed has none.
 */
ossup_status ossup_config_add_credentials_queue(ossup_config *config,
                                                const ossup_queue *queue,
                                                uint64_t tag);

/**
 * Sets where an ECS instance's metadata are, by plain HTTP. Default: "http://100.100.100.200".
 */
ossup_status ossup_config_set_ecs_metadata_endpoint(ossup_config *config, const char *endpoint);

/**
 * Sets where STS is, such as "sts.cn-hangzhou.aliyuncs.com". HTTPS; http:// only to this machine. Default:
 * ALIBABA_CLOUD_STS_ENDPOINT of the environment, or else "sts.aliyuncs.com".
 */
ossup_status ossup_config_set_sts_endpoint(ossup_config *config, const char *endpoint);

/**
 * Sets how long a source of credentials may take, in milliseconds, before it counts as failed and the next one is asked.
 * Default: 60000; at least 1.
 */
ossup_status ossup_config_set_credentials_timeout_ms(ossup_config *config,
                                                     uint64_t milliseconds);

/**
 * Sets the signature's version: OSSUP_SIGNATURE_V4 (default) or OSSUP_SIGNATURE_V1.
 */
ossup_status ossup_config_set_signature_version(ossup_config *config, uint32_t version);

/**
 * Sets whether the bucket goes into the path instead of the host. Default: false. OSS's own endpoints refuse it.
 */
ossup_status ossup_config_set_path_style(ossup_config *config,
                                         bool enable);

/**
 * Sets whether the endpoint is a domain of the bucket's own. Default: false.
 */
ossup_status ossup_config_set_cname(ossup_config *config, bool enable);

/**
 * Sets a PEM file of certificates to trust besides the operating system's. It is read by ossup_client_new, which
 * refuses a file without certificates. Default: none.
 */
ossup_status ossup_config_set_ca_file(ossup_config *config,
                                      const char *file);

#if defined(_WIN32)
/**
 * As ossup_config_set_ca_file, by a path in UTF-16. Default: none.
 */
ossup_status ossup_config_set_ca_file_w(ossup_config *config, const wchar_t *file);
#endif

/**
 * Sets certificates to trust besides the operating system's: PEM text with one or more of them. They add to those
 * of the CA file. Default: none.
 */
ossup_status ossup_config_set_ca_pem(ossup_config *config,
                                     const char *pem);

/**
 * Sets whether the operating system's certificates are trusted, which ossup_client_new reads, on Linux from the file
 * SSL_CERT_FILE and the folders SSL_CERT_DIR where the environment names these. Default: true. False leaves those of
 * CA file and CA PEM alone.
 */
ossup_status ossup_config_set_system_trust(ossup_config *config,
                                           bool enable);

/**
 * Accepts any certificate from now on: whoever sits on the way can read and change everything, the access key's
 * requests included. For tests; a private authority is what ossup_config_set_ca_file is for.
 */
ossup_status ossup_config_dangerously_disable_certificate_verification(ossup_config *config);

/**
 * Sets the proxy, such as "http://user:password@proxy:3128": http://, https://, socks5:// (names are resolved here)
 * or socks5h:// (by the proxy). In user and password, %XX stands for a byte. "" means no proxy. Default: NULL, which
 * leaves it to the environment as ossup_client_new finds it: https_proxy or http_proxy by the endpoint's scheme,
 * else all_proxy, in lower case or else in upper case.
 */
ossup_status ossup_config_set_proxy(ossup_config *config,
                                    const char *url);

/**
 * Sets the hosts that are reached without the proxy, separated by commas: names, which stand for all below them
 * too, addresses, and networks such as "10.0.0.0/8"; "*" is all. "" means none. Default: NULL, which leaves it to
 * no_proxy in the environment where the proxy is the environment's, and is none where the proxy was set.
 */
ossup_status ossup_config_set_no_proxy(ossup_config *config,
                                       const char *list);

/**
 * Sets what the User-Agent of requests says after "ossup/" and the version, in visible ASCII and spaces. Default:
 * NULL or "", which is nothing.
 */
ossup_status ossup_config_set_user_agent(ossup_config *config,
                                         const char *text);

/**
 * Sets how long a connection may take to stand, in milliseconds: finding the host, TCP, the proxy and TLS together.
 * Default: 10000; at least 1.
 */
ossup_status ossup_config_set_connect_timeout_ms(ossup_config *config,
                                                 uint64_t milliseconds);

/**
 * Sets how long a request may stand still, in milliseconds, before it is tried again. A slow line is not
 * standing still. Default: 30000; at least 1.
 */
ossup_status ossup_config_set_idle_timeout_ms(ossup_config *config, uint64_t milliseconds);

/**
 * Sets how long OSS may take to make the object of its parts, or to make a small one and call the application server, in
 * milliseconds. Default: 600000; at least 1.
 */
ossup_status ossup_config_set_complete_timeout_ms(ossup_config *config,
                                                  uint64_t milliseconds);

/**
 * Sets how often a request is tried, the first time included, with growing random delays of up to 30 s between.
 * Default: 8; at least 1.
 */
ossup_status ossup_config_set_max_attempts(ossup_config *config,
                                           uint32_t attempts);

/**
 * Sets how long an upload keeps trying against temporary errors, in milliseconds, however often that is; for
 * programs that nobody watches. Default: 0, which leaves the number of attempts to decide.
 */
ossup_status ossup_config_set_max_elapsed_ms(ossup_config *config, uint64_t milliseconds);

/**
 * Sets how many bytes of files a second all uploads of the client may send together; they share it alike. What is sent again
 * counts again. Under a low cap fewer parts are on their way at a time than TaskNum says: one for each 32 KiB/s, and at
 * least two. ossup_client_set_bandwidth_limit changes it later, ossup_request_set_bandwidth_limit caps one upload.
 *
 * bytes_per_second: at least 1024. Default: 0, which is no cap.
 */
ossup_status ossup_config_set_bandwidth_limit(ossup_config *config,
                                              uint64_t bytes_per_second);

/**
 * Sets the least time between two progress events of an upload, in milliseconds. Default: 100; at least 1.
 */
ossup_status ossup_config_set_progress_interval_ms(ossup_config *config, uint32_t milliseconds);

/**
 * Sets how many uploads of a client are under way at a time. Those that are started beyond that wait in the order of their
 * start, without a file or a connection open, so that thousands may be started at once. A pause ends one that waits at once; an
 * abort does, too, unless an earlier run left something to take away. Default: 64; 0 is no bound.
 */
ossup_status ossup_config_set_max_uploads(ossup_config *config,
                                          uint32_t uploads);

/**
 * Sets how many parts may be under way at a time, of all uploads of a client together; a small file that goes in one request
 * counts as one. When there is no room, the uploads take turns, one part each, so that a short one does not wait for a
 * long one. Default: 0, which leaves it to each upload's TaskNum; any other number is a cap.
 */
ossup_status ossup_config_set_max_parts_in_flight(ossup_config *config,
                                                  uint32_t count);

/**
 * Sets how many bytes of memory the parts under way may take, of all uploads of a client together: what is read ahead and
 * not yet taken by the system, 786432 bytes for each part at most, whatever its size. Parts that do not fit take turns as
 * by ossup_config_set_max_parts_in_flight. Default: 0, which is no cap; any other number is at least 786432.
 */
ossup_status ossup_config_set_max_memory(ossup_config *config,
                                         uint64_t bytes);

/**
 * Returns why the first refused parameter was refused; NULL when none was, or for NULL.
 */
const char *ossup_config_error(const ossup_config *config);

/**
 * Frees a config; clients made of it keep working. NULL is nothing.
 */
void ossup_config_free(ossup_config *config);

/**
 * Has a function told what clients of this config do, line by line, in place of where their log went before. Default: there
 * is no log. No line holds credentials, signatures, passwords, user metadata or the query of an address; what others said
 * is cut short where it looks as if it did.
 *
 * A line begins with "upload N: ", a number of its own for each upload, when it is about one. It has 2048 bytes at most.
 * When 1024 lines wait for the function, what comes on top is lost until it has caught up; then one line says how many were.
 *
 * level: one of ossup_log_level; OSSUP_LOG_OFF tells nothing.
 * on_log: may be NULL with OSSUP_LOG_OFF.
 * user_data: given to the function. It is the library's as soon as this returns OSSUP_OK, until release is called on the
 * callback thread, exactly once, behind the last line: when the log was set anew or the config is gone, and so are all its
 * clients and their uploads; with OSSUP_LOG_OFF at once.
 * release: may be NULL.
 * Errors: OSSUP_INVALID_ARGUMENT, OSSUP_NO_RESOURCES, OSSUP_FORKED.
 */
ossup_status ossup_config_set_log(ossup_config *config,
                                  int32_t level,
                                  ossup_log_fn on_log,
                                  void *user_data,
                                  ossup_release_fn release);

/**
 * Puts what clients of this config do into a queue, line by line, in place of where their log went before: each line is an
 * event of kind OSSUP_EVENT_LOG, read with ossup_event_log_level and ossup_event_log_message. The lines are those of
 * ossup_config_set_log, lost where 1024 wait to be taken. They come before the OSSUP_EVENT_COMPLETE of their upload, where
 * that goes to the same queue. A queue that was freed takes none. Default: there is no log.
 *
 * level: one of ossup_log_level; OSSUP_LOG_OFF tells nothing.
 * queue: may be NULL with OSSUP_LOG_OFF.
 * tag: what ossup_event_tag returns for the lines.
 * Errors: OSSUP_INVALID_ARGUMENT, OSSUP_FORKED.
 */
ossup_status ossup_config_set_log_queue(ossup_config *config,
                                        int32_t level,
                                        const ossup_queue *queue,
                                        uint64_t tag);

/**
 * Makes a client. Proxy variables of the environment and the CA file are read now; nothing is sent.
 *
 * Errors: OSSUP_INVALID_ARGUMENT when a parameter is missing or was refused, OSSUP_TLS_FAILED when the operating
 * system's trust store cannot be used, OSSUP_FORKED.
 */
ossup_status ossup_client_new(const ossup_config *config,
                              ossup_client **out,
                              ossup_error **error);

/**
 * Uploads a file and waits until that is over: ossup_upload_new, _start, _wait and _result in one. The request's
 * bytes never move on the caller's thread.
 *
 * result: NULL, or a place for what the upload did. It is written whenever the upload was started, also when it
 * failed.
 * Returns the upload's status. A stream, which has to be pushed, is OSSUP_INVALID_ARGUMENT.
 */
ossup_status ossup_client_upload_file(const ossup_client *client,
                                      const ossup_request *request,
                                      ossup_result **result,
                                      ossup_error **error);

/**
 * Sets how many bytes of files a second all uploads of the client may send together, from now on, those that run, too: as
 * ossup_config_set_bandwidth_limit does for the beginning. Any thread, also in callbacks.
 *
 * bytes_per_second: at least 1024; 0 is no cap.
 * Errors: OSSUP_INVALID_ARGUMENT, OSSUP_FORKED.
 */
ossup_status ossup_client_set_bandwidth_limit(const ossup_client *client,
                                              uint64_t bytes_per_second);

/**
 * Does for the client's own uploads what ossup_shutdown does for all: pauses them, aborts what neither a record nor a token
 * leads back to, waits until their last callbacks have returned, and closes the client's connections. It is for plugins, whose
 * code goes while the process stays: afterwards no function is called any more that was given to an upload of the client's
 * that was started, or freed before; nor, when the config was freed before, one that provides its credentials, unless it is
 * running. A function that takes the log is called until config, clients and uploads are freed: in a plugin, have the log go
 * to a queue. From its beginning on no upload of the client's can be started; other clients notice nothing. Any thread, and as
 * often as one likes.
 *
 * timeout_ms: how long to wait for what hangs; negative waits for ever. Another call waits for the rest.
 * Errors: OSSUP_TIMED_OUT when something still hangs, OSSUP_WOULD_DEADLOCK in a callback and in a function that provides
 * credentials, OSSUP_FORKED.
 */
ossup_status ossup_client_shutdown(const ossup_client *client,
                                   int64_t timeout_ms);

/**
 * Frees a client; uploads made of it keep running. NULL is nothing.
 */
void ossup_client_free(ossup_client *client);

/**
 * Makes a request with every parameter at its default.
 *
 * Errors: OSSUP_INVALID_ARGUMENT when out is NULL.
 */
ossup_status ossup_request_new(ossup_request **out);

/**
 * Sets the bucket: 3 to 63 lower-case letters, digits and hyphens. Required.
 */
ossup_status ossup_request_set_bucket_name(ossup_request *request, const char *bucket_name);

/**
 * Sets the object's name: 1 to 1023 bytes of UTF-8, without a leading / or \ and without . or .. between slashes.
 * Required.
 */
ossup_status ossup_request_set_key(ossup_request *request,
                                   const char *key);

/**
 * Sets the file to upload: a readable regular file, its path as the operating system spells it. Required, unless
 * ossup_request_set_upload_memory or ossup_request_set_upload_stream is called: of the three, the last call counts. Where a
 * relative path leads, here as in the other setters, is settled by ossup_upload_new.
 */
ossup_status ossup_request_set_upload_file(ossup_request *request,
                                           const char *file);

#if defined(_WIN32)
/**
 * As ossup_request_set_upload_file, by a path in UTF-16: any that the system has, also one with half of a surrogate pair.
 * Required, as there.
 */
ossup_status ossup_request_set_upload_file_w(ossup_request *request,
                                             const wchar_t *file);
#endif

/**
 * Uploads memory instead of a file. It is read where it is and never copied as a whole: it must stay as it is until release
 * is called. A record or a resume token knows nothing of it but its size: whatever an earlier run sent is compared before it
 * counts. A record needs a place that is set, as memory has no name of its own; in a checkpoint_dir its name is made of
 * bucket and key alone. Default: none.
 *
 * data, length: so many bytes; length 0 disregards data.
 * user_data, release: release is called with it, exactly once and on the library's callback thread, when the memory is needed
 * no more: when the request has been freed or given another source, and every upload made of it is over, or was freed without
 * a start. Each may be NULL; without release, an upload that is over reads nothing any more. They are the library's as soon
 * as this returns OSSUP_OK.
 * Errors: OSSUP_INVALID_ARGUMENT.
 */
ossup_status ossup_request_set_upload_memory(ossup_request *request,
                                             const void *data,
                                             size_t length,
                                             void *user_data,
                                             ossup_release_fn release);

/**
 * Uploads a stream instead of a file: what is pushed by ossup_upload_write, until ossup_upload_finish. Its parts are held in
 * memory until OSS has confirmed them, so that each can be sent again: at most TaskNum + 1 parts, 65 where TaskNum is 0, beside
 * what ossup_config_set_max_memory is about. Default: none.
 *
 * size: its length in bytes, at most 53687091200000, or OSSUP_UNKNOWN_SIZE. With a known size all is as with a file, also
 * records, whose place has to be set, and resume tokens: push the same bytes again from the beginning, and only what OSS
 * lacks, or what differs, is sent. With an unknown size the parts are of the PartSize that is set, or of 8388608 bytes, and
 * there are 10000 at most; a stream of one part goes as one PutObject; records are refused, there is no resume token, and a
 * pause leaves nothing on the server.
 * Errors: OSSUP_INVALID_ARGUMENT. Of ossup_upload_new: the same, with ossup_request_set_recover.
 */
ossup_status ossup_request_set_upload_stream(ossup_request *request,
                                             uint64_t size);

/**
 * Sets how many parts are in flight at a time: 1 to 1000, or 0 to leave it to the library, which sends more for as long as
 * that brings more, 64 at most. Default: 1.
 */
ossup_status ossup_request_set_task_num(ossup_request *request,
                                        uint32_t task_num);

/**
 * Sets the size of a part in bytes: 102400 to 5368709120, or 0 to have it chosen for the file and TaskNum. Default: 102400.
 * It is grown where the file would need more than 10000 parts. For streams of unknown size see
 * ossup_request_set_upload_stream. A resumed upload keeps the size that it began with.
 */
ossup_status ossup_request_set_part_size(ossup_request *request,
                                         uint64_t bytes);

/**
 * Sets whether even a small file is sent in parts. Default: false: a file of one part and at most 104857600 bytes goes as
 * one PutObject, with all options and checks, and without a record. A file of 0 bytes always does.
 */
ossup_status ossup_request_set_force_multipart(ossup_request *request,
                                               bool force);

/**
 * Sets whether a record is kept, so that the same request goes on where it was stopped. Default: false.
 */
ossup_status ossup_request_set_enable_checkpoint(ossup_request *request, bool enable);

/**
 * Sets where the record is kept. Default: the file's name with ".ucp" behind it. It is deleted once the object is
 * confirmed. A file that is there and is no record of this upload is left as it is: with a place set here that is
 * an error, without one the record gets another name. A file that cannot be read is an error in either case.
 */
ossup_status ossup_request_set_checkpoint_file(ossup_request *request,
                                               const char *file);

#if defined(_WIN32)
/**
 * As ossup_request_set_checkpoint_file, by a path in UTF-16. Default: that of ossup_request_set_checkpoint_file.
 */
ossup_status ossup_request_set_checkpoint_file_w(ossup_request *request,
                                                 const wchar_t *file);
#endif

/**
 * Sets the folder in which the record is kept, which must be there, under a name that is made of the file's path, the bucket
 * and the key. Default: none; not together with a CheckpointFile.
 */
ossup_status ossup_request_set_checkpoint_dir(ossup_request *request,
                                              const char *folder);

#if defined(_WIN32)
/**
 * As ossup_request_set_checkpoint_dir, by a path in UTF-16. Default: none.
 */
ossup_status ossup_request_set_checkpoint_dir_w(ossup_request *request, const wchar_t *folder);
#endif

/**
 * Sets how long a record is waited for that another upload holds. Default: 0, which fails with OSSUP_BUSY at once; negative
 * waits for ever. In milliseconds. An upload that waits can be paused and aborted.
 */
ossup_status ossup_request_set_lock_timeout_ms(ossup_request *request,
                                               int64_t timeout_ms);

/**
 * Sets whether an upload is refused, with OSSUP_CHECKPOINT_UNUSABLE, where the record's file system has no locks. Default:
 * false, which goes on with a warning.
 */
ossup_status ossup_request_set_require_lock(ossup_request *request,
                                            bool require);

/**
 * Sets whether what an earlier run sent is read again and compared before it counts; a part that is not what it was is
 * sent again. Default: false, which reads it again only where the file may have changed unseen.
 */
ossup_status ossup_request_set_verify_reused_parts(ossup_request *request,
                                                   bool verify);

/**
 * Sets whether, where no record is found, the server is asked for incomplete uploads of the key. The newest whose first
 * part is this file's, by its CRC-64, is gone on with, under the options that it was opened with; no other is touched. A
 * small file that goes as one PutObject asks for none. Default: false. Without the permission to list, the upload begins
 * anew, with a warning.
 */
ossup_status ossup_request_set_recover(ossup_request *request,
                                       bool recover);

/**
 * Sets whether the object bears a random stamp in its metadata, x-oss-meta-ossup-stamp, by which it is known for certain to
 * be this upload's when the last answer is lost. An upload that began without one goes on without. Default: false, which
 * goes by size, CRC-64 and time.
 */
ossup_status ossup_request_set_stamp_object(ossup_request *request,
                                            bool stamp);

/**
 * Sets a resume token to go on from: the text of ossup_resume_token_text, of an upload of the same file, bucket and key. A
 * record that fits knows more and goes before it, with a warning if it is of another upload. All that is reused is read
 * again. NULL or "" is none, which is the default.
 *
 * Errors, by ossup_upload_new: OSSUP_INVALID_ARGUMENT when it is damaged, newer than the library, or of another object. Of
 * the upload: OSSUP_SOURCE_CHANGED when the file has another size, OSSUP_INVALID_ARGUMENT when options of the object differ.
 */
ossup_status ossup_request_set_resume_token(ossup_request *request,
                                            const char *token);

/**
 * Sets the object's media type, such as "text/plain". Default: by the ending of the file's name, or else of the key's;
 * "application/octet-stream" for endings that are not known.
 */
ossup_status ossup_request_set_content_type(ossup_request *request,
                                            const char *content_type);

/**
 * Sets how the object is to be shown or saved, such as "attachment; filename=report.pdf". Visible ASCII: write other
 * names as filename*=UTF-8''%E6%8A%A5.pdf. Default: none.
 */
ossup_status ossup_request_set_content_disposition(ossup_request *request,
                                                   const char *disposition);

/**
 * Sets how the file's bytes are encoded, such as "gzip"; they are sent as they are. Default: none.
 */
ossup_status ossup_request_set_content_encoding(ossup_request *request, const char *encoding);

/**
 * Sets the object's language, such as "zh-CN". Default: none.
 */
ossup_status ossup_request_set_content_language(ossup_request *request, const char *language);

/**
 * Sets how long the object may be kept in caches, such as "max-age=3600". Default: none.
 */
ossup_status ossup_request_set_cache_control(ossup_request *request, const char *control);

/**
 * Sets when cached copies of the object become stale, as a date of HTTP such as "Wed, 08 Jul 2026 16:57:01 GMT".
 * Default: none.
 */
ossup_status ossup_request_set_expires(ossup_request *request,
                                       const char *date);

/**
 * Sets who may read and write the object: "default", "private", "public-read" or "public-read-write". Default: the
 * bucket's.
 */
ossup_status ossup_request_set_object_acl(ossup_request *request,
                                          const char *acl);

/**
 * Sets how the object is stored and billed: "Standard", "IA", "Archive", "ColdArchive" or "DeepColdArchive". Default: the
 * bucket's.
 */
ossup_status ossup_request_set_storage_class(ossup_request *request,
                                             const char *storage_class);

/**
 * Adds a tag to the object: at most 10, each key once; the key has 1 to 128 characters, the value up to 256, of letters,
 * digits, spaces and + - = . _ : /
 */
ossup_status ossup_request_add_tag(ossup_request *request,
                                   const char *key,
                                   const char *value);

/**
 * Sets how OSS encrypts the object: "AES256", "KMS" or "SM4". Default: the bucket's way.
 */
ossup_status ossup_request_set_server_side_encryption(ossup_request *request, const char *method);

/**
 * Sets the id of the key that encrypts the object, with "KMS" alone. Default: the one that OSS keeps in KMS.
 */
ossup_status ossup_request_set_server_side_encryption_key_id(ossup_request *request, const char *key_id);

/**
 * Sets the algorithm of the encryption, with "KMS" alone: "SM4". Default: AES256.
 */
ossup_status ossup_request_set_server_side_data_encryption(ossup_request *request, const char *algorithm);

/**
 * Adds user metadata: the header x-oss-meta-{name}. Names are of letters, digits and hyphens, values of visible
 * ASCII.
 */
ossup_status ossup_request_add_user_metadata(ossup_request *request,
                                             const char *name,
                                             const char *value);

/**
 * Sets who pays for the requests: "requester", for a bucket whose owner does not pay for others. It goes to every call.
 * Default: the bucket's owner.
 */
ossup_status ossup_request_set_request_payer(ossup_request *request,
                                             const char *payer);

/**
 * Sets the speed at which OSS takes each part, in bits per second; OSS allows 819200 to 838860800. At least 1. Default:
 * none. It is OSS that slows the parts down, each connection for itself; for a cap on the upload there is
 * ossup_request_set_bandwidth_limit.
 */
ossup_status ossup_request_set_traffic_limit(ossup_request *request,
                                             uint64_t bits_per_s);

/**
 * Sets how many bytes of its file a second the upload may send, all its parts together. The client's cap holds besides. It
 * is the library that waits, and OSS knows nothing of it; ossup_request_set_traffic_limit has OSS slow each connection
 * down. What is sent again counts again. Under a low cap fewer parts are on their way at a time than TaskNum says: one for
 * each 32 KiB/s, and at least two. ossup_upload_set_bandwidth_limit changes it later.
 *
 * bytes_per_second: at least 1024. Default: 0, which is no cap.
 */
ossup_status ossup_request_set_bandwidth_limit(ossup_request *request,
                                               uint64_t bytes_per_second);

/**
 * Sets how long the upload may take from its start, waiting for its turn and for its record included. Then it stops as by
 * ossup_upload_pause, with OSSUP_DEADLINE_EXCEEDED: what there is stays, and the same request goes on, with as much time
 * again.
 *
 * milliseconds: 0 is no deadline. Default: 0.
 */
ossup_status ossup_request_set_deadline_ms(ossup_request *request,
                                           uint64_t milliseconds);

/**
 * Sets any other header, of visible ASCII; it goes to the calls that carry it. Refused are those that the library
 * writes itself: Authorization, Content-Length, Host and their like. Default: none.
 */
ossup_status ossup_request_set_header(ossup_request *request,
                                      const char *name,
                                      const char *value);

/**
 * Sets whether the upload fails with OSSUP_ALREADY_EXISTS when the object exists. Default: it is overwritten. OSS
 * ignores this in buckets that keep versions.
 */
ossup_status ossup_request_set_forbid_overwrite(ossup_request *request,
                                                bool forbid);

/**
 * Has OSS post a body to an application server once the object is stored; its answer is in the result. Default: none.
 *
 * url: up to five addresses separated by semicolons.
 * body: with OSS's variables, such as "bucket=${bucket}&object=${object}&tag=${x:tag}".
 */
ossup_status ossup_request_set_callback(ossup_request *request,
                                        const char *url,
                                        const char *body);

/**
 * Sets the Host header of the callback's request. Default: the address's own.
 */
ossup_status ossup_request_set_callback_host(ossup_request *request, const char *host);

/**
 * Sets the callback body's media type: "application/x-www-form-urlencoded" (default) or "application/json".
 */
ossup_status ossup_request_set_callback_body_type(ossup_request *request, const char *body_type);

/**
 * Sets whether OSS names the host (SNI) when it calls an HTTPS address. Default: false.
 */
ossup_status ossup_request_set_callback_sni(ossup_request *request, bool sni);

/**
 * Adds a variable that the callback's body may use as ${x:name}. Its name begins with "x:" and has no upper case.
 */
ossup_status ossup_request_add_callback_var(ossup_request *request,
                                            const char *name,
                                            const char *value);

/**
 * Returns why the first refused parameter was refused; NULL when none was, or for NULL.
 */
const char *ossup_request_error(const ossup_request *request);

/**
 * Frees a request; uploads made of it are not concerned. NULL is nothing.
 */
void ossup_request_free(ossup_request *request);

/**
 * Sets a parameter by its name and a text, for bindings that do not know its setter yet: the name is what follows
 * ossup_config_set_ in that of a setter of one value, such as "connect_timeout_ms". Range, default and errors are the
 * setter's.
 *
 * value: a decimal number, "true" or "false", or a text, by what the setter takes. NULL where the setter takes NULL.
 * Errors: OSSUP_INVALID_ARGUMENT also for a name that is none, and for a value of another kind.
 */
ossup_status ossup_config_set_option(ossup_config *config,
                                     const char *name,
                                     const char *value);

/**
 * Sets a parameter by its name and a text, for bindings that do not know its setter yet: the name is what follows
 * ossup_request_set_ in that of a setter of one value, such as "part_size". Range, default and errors are the setter's.
 *
 * value: a decimal number, "true" or "false", or a text, by what the setter takes. NULL where the setter takes NULL.
 * Errors: OSSUP_INVALID_ARGUMENT also for a name that is none, and for a value of another kind.
 */
ossup_status ossup_request_set_option(ossup_request *request,
                                      const char *name,
                                      const char *value);

/**
 * Returns the token's text: letters, digits, hyphens, underscores and dots, about 150 bytes for each part. NULL for NULL.
 */
const char *ossup_resume_token_text(const ossup_resume_token *token);

/**
 * Frees a token. What it speaks of stays on the server. NULL is nothing.
 */
void ossup_resume_token_free(ossup_resume_token *token);

/**
 * Makes an upload of a client's and a copy of the request. Nothing happens before ossup_upload_start.
 *
 * Errors: OSSUP_INVALID_ARGUMENT when a parameter is missing or was refused.
 */
ossup_status ossup_upload_new(const ossup_client *client,
                              const ossup_request *request,
                              ossup_upload **out,
                              ossup_error **error);

/**
 * Has functions called with the upload's progress and its end. Before the start, as often as one likes.
 *
 * They run on the library's callback thread, one at a time, in the order progress, complete, release. Any call but
 * ossup_upload_wait, ossup_client_upload_file, both shutdowns and an ossup_upload_write that has to wait may be made in them.
 * They must not unwind: an exception or a longjmp out of them ends the process, or worse.
 * on_progress, on_complete, release: each may be NULL.
 * user_data: given to each of them. It is the library's as soon as this returns OSSUP_OK, until release is called,
 * which happens exactly once, also when the upload is never started.
 * Errors: OSSUP_INVALID_STATE after the start, OSSUP_NO_RESOURCES.
 */
ossup_status ossup_upload_set_listener(const ossup_upload *upload,
                                       ossup_progress_fn on_progress,
                                       ossup_complete_fn on_complete,
                                       void *user_data,
                                       ossup_release_fn release);

/**
 * Has events of the upload put into a queue, each with the tag. Before the start, as often as one likes.
 *
 * Errors: OSSUP_INVALID_STATE after the start.
 */
ossup_status ossup_upload_set_queue(const ossup_upload *upload, const ossup_queue *queue, uint64_t tag);

/**
 * Begins, or goes on where an earlier upload of the same request was stopped. Returns at once: what goes wrong later
 * is the upload's status. An upload is started once; go on with a new one of the same request, which waits for a
 * paused predecessor that has not quite ended.
 *
 * Errors: OSSUP_INVALID_STATE when it was started before, OSSUP_SHUT_DOWN, OSSUP_FORKED, OSSUP_NO_RESOURCES.
 */
ossup_status ossup_upload_start(const ossup_upload *upload,
                                ossup_error **error);

/**
 * Waits until the upload is over and its complete and release functions have returned.
 *
 * timeout_ms: 0 only asks, negative waits for ever.
 * Returns the upload's status. Errors of the wait itself: OSSUP_TIMED_OUT, OSSUP_INVALID_STATE before the start,
 * OSSUP_WOULD_DEADLOCK in a callback, OSSUP_FORKED.
 */
ossup_status ossup_upload_wait(const ossup_upload *upload,
                               int64_t timeout_ms,
                               ossup_error **error);

/**
 * Pushes bytes into an upload of a stream, which was started, and waits until all of them were taken: there is room for so
 * many parts, see ossup_request_set_upload_stream, once it is the upload's turn by ossup_config_set_max_uploads. Any thread,
 * one at a time. A host that has no thread to wait in pushes with timeout 0, and the rest at the upload's next
 * OSSUP_EVENT_WRITABLE, which a queue tells of: see ossup_upload_set_queue.
 *
 * bytes, length: length 0 disregards bytes. They are copied.
 * timeout_ms: how long room is waited for; 0 takes what there is room for, negative waits for as long as the upload goes on.
 * written: NULL, or a place for how many bytes were taken, written also on failure.
 * Errors: OSSUP_TIMED_OUT when there was no room for all in time: the rest may be pushed later. OSSUP_WOULD_DEADLOCK in a
 * callback, where it would have to wait. OSSUP_INVALID_STATE before the start, after ossup_upload_finish, while another thread
 * writes, and when the source is no stream. OSSUP_NO_RESOURCES when there is no
 * memory for another part. Otherwise the upload's own error, as soon as it fails or is stopped: OSSUP_PAUSED and OSSUP_ABORTED
 * at once. Bytes beyond the stream's size, or a part beyond the 10000th, are OSSUP_INVALID_ARGUMENT, with which the upload fails,
 * too.
 */
ossup_status ossup_upload_write(const ossup_upload *upload,
                                const void *bytes,
                                size_t length,
                                int64_t timeout_ms,
                                size_t *written,
                                ossup_error **error);

/**
 * Says that a stream is complete. Only then its object is made: what nobody finishes is no object. Returns at once. When the
 * last handle of the upload is freed without it, the upload is paused, and without a record or a token nothing of it is left.
 * Any thread, as often as one likes.
 *
 * Errors: OSSUP_INVALID_ARGUMENT when fewer bytes were pushed than the stream was to have, with which the upload fails, too;
 * OSSUP_INVALID_STATE before the start, while a thread writes, and when the source is no stream; the upload's own error when
 * it has failed or was stopped.
 */
ossup_status ossup_upload_finish(const ossup_upload *upload,
                                 ossup_error **error);

/**
 * Sets how many bytes of its file a second the upload may send from now on, parts that are under way included: as
 * ossup_request_set_bandwidth_limit does for the beginning. Before the start or later; any thread, also in callbacks.
 *
 * bytes_per_second: at least 1024; 0 is no cap.
 * Errors: OSSUP_INVALID_ARGUMENT, OSSUP_FORKED.
 */
ossup_status ossup_upload_set_bandwidth_limit(const ossup_upload *upload,
                                              uint64_t bytes_per_second);

/**
 * Reads how far the upload is.
 *
 * progress: its struct_size is set to sizeof(ossup_progress).
 * Errors: OSSUP_INVALID_ARGUMENT when it is not, OSSUP_FORKED.
 */
ossup_status ossup_upload_progress(const ossup_upload *upload, ossup_progress *progress);

/**
 * Stops the upload and keeps what there is, so that the same request can go on. Returns at once; an upload whose last
 * request is under way waits for its answer, for as long as the idle timeout.
 *
 * Errors: OSSUP_INVALID_STATE before the start.
 */
ossup_status ossup_upload_pause(const ossup_upload *upload);

/**
 * Stops the upload and leaves nothing, neither on the server nor here. Returns at once; what could not be taken off the
 * server within some seconds is named in the result's warning.
 *
 * Errors: OSSUP_INVALID_STATE before the start.
 */
ossup_status ossup_upload_abort(const ossup_upload *upload);

/**
 * Returns whether the upload is over. False for NULL.
 */
bool ossup_upload_is_done(const ossup_upload *upload);

/**
 * Makes a result of an upload that is over, whatever its status.
 *
 * Errors: OSSUP_INVALID_STATE when it is not over.
 */
ossup_status ossup_upload_result(const ossup_upload *upload, ossup_result **out);

/**
 * Makes a token of what the upload has sent by now, with which it can go on elsewhere, or without a record: at any time from
 * the opening of the multipart upload to its end, and after a pause or an error that leaves something to go on from. From
 * then on what the server has is kept, also when the upload is paused or fails, until the token's owner goes on or aborts
 * it; ossup_upload_abort and a completion make the token void.
 *
 * Errors: OSSUP_INVALID_STATE while there is nothing on the server yet, or nothing any more, and for a stream of unknown size.
 */
ossup_status ossup_upload_resume_token(const ossup_upload *upload,
                                       ossup_resume_token **out,
                                       ossup_error **error);

/**
 * Makes another handle of the same upload, to be freed like the first.
 *
 * Errors: OSSUP_FORKED.
 */
ossup_status ossup_upload_ref(const ossup_upload *upload, ossup_upload **out);

/**
 * Frees a handle. A running upload runs on; pause or abort it first if it should not. One of a stream that was not finished
 * stops with its last handle, as nobody can push the rest. NULL is nothing.
 */
void ossup_upload_free(ossup_upload *upload);

/**
 * Returns the upload's status. OSSUP_INVALID_ARGUMENT for NULL.
 */
ossup_status ossup_result_status(const ossup_result *result);

/**
 * Makes an error of why the upload is no success; NULL is written when it is one. Errors: none but for a NULL.
 */
ossup_status ossup_result_error(const ossup_result *result,
                                ossup_error **out);

/**
 * Returns whether the upload went on where an earlier run was stopped.
 */
bool ossup_result_is_resumed(const ossup_result *result);

/**
 * Returns why the upload began anew although there was something to go on from: "SOURCE_CHANGED",
 * "OPTIONS_CHANGED", "RECORD_DAMAGED", "UPLOAD_GONE" or "PARTS_REJECTED"; "" when it did not. NULL for NULL.
 */
const char *ossup_result_reason(const ossup_result *result);

/**
 * Returns whether the upload can go on from here: by the same request where a record was kept, else by a resume token.
 */
bool ossup_result_is_resumable(const ossup_result *result);

/**
 * Returns whether the answer to the last request was lost and the object was found to be there. What an application
 * server answered to the callback is not known then.
 */
bool ossup_result_is_confirmed_by_probe(const ossup_result *result);

/**
 * Returns how many parts there are; 0 for an empty file, which is sent in one request.
 */
uint32_t ossup_result_parts_total(const ossup_result *result);

/**
 * Returns how many parts an earlier run had sent.
 */
uint32_t ossup_result_parts_reused(const ossup_result *result);

/**
 * Returns how many parts this run sent.
 */
uint32_t ossup_result_parts_sent(const ossup_result *result);

/**
 * Returns the file's size.
 */
uint64_t ossup_result_bytes_total(const ossup_result *result);

/**
 * Returns the bytes of the parts that an earlier run had sent.
 */
uint64_t ossup_result_bytes_reused(const ossup_result *result);

/**
 * Returns the bytes of the parts that this run sent.
 */
uint64_t ossup_result_bytes_sent(const ossup_result *result);

/**
 * Returns how many requests were tried again.
 */
uint32_t ossup_result_retries(const ossup_result *result);

/**
 * Returns the object's ETag, in OSS's quotes; NULL when there is no object, or none was told.
 */
const char *ossup_result_etag(const ossup_result *result);

/**
 * Returns the object's CRC-64 (ECMA-182, as OSS has it); 0 when there is no object.
 */
uint64_t ossup_result_crc64(const ossup_result *result);

/**
 * Returns the object's version, in buckets that keep versions; NULL elsewhere.
 */
const char *ossup_result_version_id(const ossup_result *result);

/**
 * Returns OSS's id of the request that made the object, or failed to; NULL when there was none.
 */
const char *ossup_result_request_id(const ossup_result *result);

/**
 * Returns OSS's id of the multipart upload; NULL when there was none.
 */
const char *ossup_result_upload_id(const ossup_result *result);

/**
 * Returns what the application server answered to OSS's callback; NULL when it was not asked or nothing is known.
 *
 * length: NULL, or a place for the number of bytes.
 */
const uint8_t *ossup_result_callback_body(const ossup_result *result,
                                          size_t *length);

/**
 * Returns what went wrong without stopping the upload, in one line; NULL when nothing did.
 */
const char *ossup_result_warning(const ossup_result *result);

/**
 * Returns where the record is, or was; NULL when none was kept.
 */
const char *ossup_result_checkpoint_file(const ossup_result *result);

#if defined(_WIN32)
/**
 * As ossup_result_checkpoint_file, in UTF-16: the very name, whereas UTF-8 has U+FFFD for half of a surrogate pair.
 */
const wchar_t *ossup_result_checkpoint_file_w(const ossup_result *result);
#endif

/**
 * Returns how long the upload ran, in milliseconds.
 */
uint64_t ossup_result_elapsed_ms(const ossup_result *result);

/**
 * Makes a token with which a paused or failed upload goes on elsewhere, or without a record. What it speaks of stays on the
 * server from then on: see ossup_upload_resume_token.
 *
 * Errors: OSSUP_INVALID_STATE when nothing is left to go on from.
 */
ossup_status ossup_result_resume_token(const ossup_result *result,
                                       ossup_resume_token **out);

/**
 * Frees a result. NULL is nothing.
 */
void ossup_result_free(ossup_result *result);

/**
 * Makes a queue.
 *
 * Errors: OSSUP_INVALID_ARGUMENT when out is NULL.
 */
ossup_status ossup_queue_new(ossup_queue **out);

/**
 * Takes the next event, waiting for it if there is none. Events come in the order in which they arose, and before a wake.
 * From then on the event is the caller's.
 *
 * timeout_ms: 0 only asks, negative waits for ever.
 * Errors: OSSUP_TIMED_OUT when the time is over or somebody called ossup_queue_wake, OSSUP_FORKED.
 */
ossup_status ossup_queue_next(const ossup_queue *queue,
                              int64_t timeout_ms,
                              ossup_event **event);

#if !defined(_WIN32)
/**
 * Gives a file descriptor that is readable while ossup_queue_next would not wait, for epoll and its like: level-triggered,
 * it stays so until the last event was taken and the last wake was answered. Watched for edges (EPOLLET), it tells once that
 * the queue is no longer empty: take events until OSSUP_TIMED_OUT then. It belongs to the queue: only poll it.
 *
 * Errors: OSSUP_NO_RESOURCES.
 */
ossup_status ossup_queue_fd(const ossup_queue *queue,
                            int32_t *fd);
#endif

#if defined(_WIN32)
/**
 * Gives the HANDLE of an event that is signalled while ossup_queue_next would not wait, for WaitForMultipleObjects and
 * its like: it stays so until the last event was taken and the last wake was answered. It belongs to the queue: only wait for it.
 *
 * Errors: OSSUP_NO_RESOURCES.
 */
ossup_status ossup_queue_handle(const ossup_queue *queue,
                                void **handle);
#endif

/**
 * Makes one ossup_queue_next, one that waits or else the next one, return OSSUP_TIMED_OUT; each wake ends one.
 *
 * Errors: OSSUP_FORKED.
 */
ossup_status ossup_queue_wake(const ossup_queue *queue);

/**
 * Frees a queue and what is in it; uploads that put events into it run on, and a question for credentials that is in it
 * counts as failed. Events that were taken stay as they are. No thread may be in a call with it. NULL is nothing.
 */
void ossup_queue_free(ossup_queue *queue);

/**
 * Returns what the event tells. OSSUP_EVENT_NONE for NULL.
 */
ossup_event_kind ossup_event_get_kind(const ossup_event *event);

/**
 * Returns the tag that the upload, the source of credentials or the log was given. 0 for NULL.
 */
uint64_t ossup_event_tag(const ossup_event *event);

/**
 * Makes a handle of the event's upload, to be freed. An event of progress and one of an end always have it, even when all
 * handles were freed before.
 *
 * Errors: OSSUP_INVALID_STATE when the event is about credentials, or is a line of the log that is about no upload; when it is
 * such a line, or one of room, about an upload whose handles were all freed since it ended.
 */
ossup_status ossup_event_upload(const ossup_event *event,
                                ossup_upload **out);

/**
 * Reads how far the event's upload is by now.
 *
 * progress: its struct_size is set to sizeof(ossup_progress).
 * Errors: OSSUP_INVALID_STATE where ossup_event_upload gives no upload.
 */
ossup_status ossup_event_progress(const ossup_event *event, ossup_progress *progress);

/**
 * Takes the request for credentials out of the event, to be answered and freed.
 *
 * Errors: OSSUP_INVALID_STATE when the event is about something else, or when the request was taken before.
 */
ossup_status ossup_event_credentials(ossup_event *event, ossup_credentials_request **out);

/**
 * Returns what a line of the log is for. OSSUP_LOG_OFF for other events and for NULL.
 */
ossup_log_level ossup_event_log_level(const ossup_event *event);

/**
 * Returns a line of the log, without its end. It lives as long as the event. NULL for other events and for NULL.
 */
const char *ossup_event_log_message(const ossup_event *event);

/**
 * Frees an event; a request for credentials that is still in it counts as failed. NULL is nothing.
 */
void ossup_event_free(ossup_event *event);

/**
 * Reads the record at a path. It is not locked for that: an upload that holds it is not disturbed.
 *
 * Errors: OSSUP_CHECKPOINT_FOREIGN when something else is there, OSSUP_CHECKPOINT_UNUSABLE when nothing is there or it
 * cannot be read.
 */
ossup_status ossup_record_read(const char *file,
                               ossup_record **out,
                               ossup_error **error);

#if defined(_WIN32)
/**
 * As ossup_record_read, by a path in UTF-16. Errors: the same.
 */
ossup_status ossup_record_read_w(const wchar_t *file, ossup_record **out, ossup_error **error);
#endif

/**
 * Deletes the record at a path, unless an upload holds it. What it speaks of stays on the server, to be paid for: read the
 * record first and abort the upload by ossup_client_abort_incomplete_upload.
 *
 * Errors: OSSUP_BUSY when an upload holds it, OSSUP_CHECKPOINT_FOREIGN when something else is there, which is left as it is,
 * OSSUP_CHECKPOINT_UNUSABLE when nothing is there or it cannot be deleted.
 */
ossup_status ossup_record_delete(const char *file,
                                 ossup_error **error);

#if defined(_WIN32)
/**
 * As ossup_record_delete, by a path in UTF-16. Errors: the same.
 */
ossup_status ossup_record_delete_w(const wchar_t *file, ossup_error **error);
#endif

/**
 * Returns what the record says. OSSUP_RECORD_BLANK for NULL.
 */
ossup_record_state ossup_record_get_state(const ossup_record *record);

/**
 * Returns where the record is. NULL for NULL.
 */
const char *ossup_record_path(const ossup_record *record);

#if defined(_WIN32)
/**
 * As ossup_record_path, in UTF-16: the very name, whereas UTF-8 has U+FFFD for half of a surrogate pair.
 */
const wchar_t *ossup_record_path_w(const ossup_record *record);
#endif

/**
 * Returns the bucket that the object goes to, or NULL.
 */
const char *ossup_record_bucket_name(const ossup_record *record);

/**
 * Returns the object's name, or NULL.
 */
const char *ossup_record_key(const ossup_record *record);

/**
 * Returns OSS's id of the multipart upload, or NULL.
 */
const char *ossup_record_upload_id(const ossup_record *record);

/**
 * Returns the size of a part in bytes.
 */
uint64_t ossup_record_part_size(const ossup_record *record);

/**
 * Returns how many parts there are in all.
 */
uint32_t ossup_record_parts_total(const ossup_record *record);

/**
 * Returns how many parts the record knows to be on the server.
 */
uint32_t ossup_record_parts_confirmed(const ossup_record *record);

/**
 * Returns the file's size in bytes.
 */
uint64_t ossup_record_bytes_total(const ossup_record *record);

/**
 * Returns how many bytes the record knows to be on the server.
 */
uint64_t ossup_record_bytes_confirmed(const ossup_record *record);

/**
 * Returns the server's time when the object was about to be made, in seconds since 1970; 0 before that.
 */
int64_t ossup_record_completing_since(const ossup_record *record);

/**
 * Frees a record that was read by itself, none of a list. NULL is nothing.
 */
void ossup_record_free(ossup_record *record);

/**
 * Reads all records of a folder whose names end with ".ucp", by name, and passes over what else is there. Folders in it
 * are not entered, and no record is locked.
 *
 * Errors: OSSUP_CHECKPOINT_UNUSABLE when the folder or a record in it cannot be read.
 */
ossup_status ossup_record_list_read(const char *folder,
                                    ossup_record_list **out,
                                    ossup_error **error);

#if defined(_WIN32)
/**
 * As ossup_record_list_read, by a path in UTF-16. Errors: the same.
 */
ossup_status ossup_record_list_read_w(const wchar_t *folder, ossup_record_list **out, ossup_error **error);
#endif

/**
 * Returns how many records there are. 0 for NULL.
 */
size_t ossup_record_list_count(const ossup_record_list *list);

/**
 * Returns a record of the list, from 0, which lives as long as the list; NULL beyond its end.
 */
const ossup_record *ossup_record_list_get(const ossup_record_list *list, size_t index);

/**
 * Frees a list with all its records. NULL is nothing.
 */
void ossup_record_list_free(ossup_record_list *list);

/**
 * Asks for the incomplete uploads of a bucket and waits for the answer. The key needs the permission to list them.
 *
 * prefix: NULL, or what the keys begin with.
 * older_than_s: only those that were opened at least so many seconds ago, by the server's clock; 0 for all.
 * Errors: OSSUP_INVALID_ARGUMENT, OSSUP_ACCESS_DENIED, OSSUP_NO_SUCH_BUCKET and those of the network.
 */
ossup_status ossup_client_list_incomplete_uploads(const ossup_client *client,
                                                  const char *bucket_name,
                                                  const char *prefix,
                                                  uint64_t older_than_s,
                                                  ossup_incomplete_uploads **out,
                                                  ossup_error **error);

/**
 * Gives up one incomplete upload and waits for the answer: its parts are gone then, and so is what a record or a token
 * says of it. One that is gone already is no error. Do not do it to an upload that runs.
 *
 * Errors: OSSUP_INVALID_ARGUMENT, OSSUP_ACCESS_DENIED, OSSUP_NO_SUCH_BUCKET and those of the network.
 */
ossup_status ossup_client_abort_incomplete_upload(const ossup_client *client,
                                                  const char *bucket_name,
                                                  const char *key,
                                                  const char *upload_id,
                                                  ossup_error **error);

/**
 * Returns how many uploads there are. 0 for NULL.
 */
size_t ossup_incomplete_uploads_count(const ossup_incomplete_uploads *uploads);

/**
 * Returns the name of the object that an upload, from 0, was to make; NULL beyond the last.
 */
const char *ossup_incomplete_uploads_key(const ossup_incomplete_uploads *uploads, size_t index);

/**
 * Returns OSS's id of an upload, from 0; NULL beyond the last.
 */
const char *ossup_incomplete_uploads_upload_id(const ossup_incomplete_uploads *uploads, size_t index);

/**
 * Returns when an upload, from 0, was opened, in seconds since 1970 by the server's clock; 0 when that is not known.
 */
int64_t ossup_incomplete_uploads_initiated(const ossup_incomplete_uploads *uploads,
                                           size_t index);

/**
 * Frees a list. NULL is nothing.
 */
void ossup_incomplete_uploads_free(ossup_incomplete_uploads *uploads);

/**
 * Returns the status that the failed call returned. OSSUP_INVALID_ARGUMENT for NULL.
 */
ossup_status ossup_error_status(const ossup_error *error);

/**
 * Returns one line for a person: what was done, what failed, and every cause below it. NULL for NULL.
 */
const char *ossup_error_message(const ossup_error *error);

/**
 * Returns OSS's name for what was being done, such as "UploadPart"; NULL when no request was involved.
 */
const char *ossup_error_operation(const ossup_error *error);

/**
 * Returns the number of the part concerned; 0 when none is.
 */
uint32_t ossup_error_part_number(const ossup_error *error);

/**
 * Returns how often the request was tried; 0 when no request was involved.
 */
uint32_t ossup_error_attempts(const ossup_error *error);

/**
 * Returns the answer's HTTP status; 0 when there was no answer.
 */
uint32_t ossup_error_http_status(const ossup_error *error);

/**
 * Returns OSS's error code, such as "AccessDenied"; NULL when OSS gave none.
 */
const char *ossup_error_oss_code(const ossup_error *error);

/**
 * Returns OSS's EC, the finer code that its documentation explains; NULL when OSS gave none.
 */
const char *ossup_error_ec(const ossup_error *error);

/**
 * Returns OSS's id of the request, which its support asks for; NULL when there was no answer.
 */
const char *ossup_error_request_id(const ossup_error *error);

/**
 * Returns the host that was spoken to; NULL when none was.
 */
const char *ossup_error_host(const ossup_error *error);

/**
 * Returns the operating system's error number; 0 when none is known.
 */
int32_t ossup_error_os_errno(const ossup_error *error);

/**
 * Returns whether trying again later may help.
 */
bool ossup_error_is_temporary(const ossup_error *error);

/**
 * Frees an error. NULL is nothing.
 */
void ossup_error_free(ossup_error *error);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* OSSUP_H */
