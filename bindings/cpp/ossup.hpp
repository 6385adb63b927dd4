/// ossup for C++17 and later: header-only, on the C library of include/ossup.h.
///
/// In short: a Config makes a Client, a Request is what to upload, Client::upload does it and throws an Error if it cannot.
/// The same request goes on where it was stopped.
///
///   Names       are those of C: ossup_upload_pause is Upload::pause, ossup_request_set_task_num is Request::set_task_num. C's
///               comments say what each means, its units, ranges and defaults; here is what C++ adds.
///   Handles     are moved, not copied, and free what they hold. An Upload that is destroyed pauses its upload and waits for
///               that; detach() has it go on. What only tells something, such as a Record, is a plain value.
///   Errors      are thrown as an Error. Each function that throws one has a twin, try_..., that returns a Result instead; where
///               exceptions are switched off, there are only the twins.
///   Functions   of yours are called on a thread of the library's. What they throw never gets into C: a listener's comes back
///               from Upload::wait, a credentials provider's is the upload's error, a log's comes back from Client::shutdown.
///   Text        is UTF-8. A NUL in it, which C would not see past, is refused by name. Paths are the standard library's, of any
///               characters that the system has.
///   Threads     as in C: a Config and a Request are for one at a time, all else may be shared.

#ifndef OSSUP_CPP_OSSUP_HPP
#define OSSUP_CPP_OSSUP_HPP

#include "ossup/client.hpp"
#include "ossup/config.hpp"
#include "ossup/credentials.hpp"
#include "ossup/error.hpp"
#include "ossup/incomplete_upload.hpp"
#include "ossup/library.hpp"
#include "ossup/listener.hpp"
#include "ossup/log.hpp"
#include "ossup/progress.hpp"
#include "ossup/queue.hpp"
#include "ossup/record.hpp"
#include "ossup/request.hpp"
#include "ossup/status.hpp"
#include "ossup/stop.hpp"
#include "ossup/upload.hpp"
#include "ossup/upload_handle.hpp"
#include "ossup/upload_result.hpp"

#endif
