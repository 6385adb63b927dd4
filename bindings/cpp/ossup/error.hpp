/// What went wrong, to be thrown or to be returned.

#ifndef OSSUP_CPP_ERROR_HPP
#define OSSUP_CPP_ERROR_HPP

#include "status.hpp"
#include "text.hpp"

#include <stdexcept>
#include <string>
#include <variant>

// One type for all shared objects of a process, also where their symbols are hidden: what one throws another catches.
#if defined(__GNUC__)
#define OSSUP_SHARED_TYPE __attribute__((visibility("default")))
#else
#define OSSUP_SHARED_TYPE
#endif

namespace ossup {
inline namespace OSSUP_VERSIONED {

class UploadResult;

namespace detail {

/// Everything that a support ticket needs: what is not known is empty or 0.
struct ErrorFields {
    Status status = Status::internal;
    std::string operation, oss_code, ec, request_id, host;
    std::uint32_t part_number = 0, attempts = 0, http_status = 0;
    std::int32_t os_errno = 0;
    bool is_temporary = false;
};

} // namespace detail

/// What went wrong. what() is one line for a person: what was done, what failed, and every cause below it.
class OSSUP_SHARED_TYPE Error : public std::runtime_error {
public:
    /// An error of the caller's own, as a credentials provider may return.
    Error(Status status, const std::string &message, bool is_temporary = false)
        : std::runtime_error(message), fields_(fields(status, is_temporary))
    {
    }

    Error(const std::string &message, detail::ErrorFields fields)
        : std::runtime_error(message), fields_(std::make_shared<const detail::ErrorFields>(std::move(fields)))
    {
    }

    Status status() const noexcept { return fields_->status; }
    /// OSS's name for what was being done, such as "UploadPart"; "" when no request was involved.
    const std::string &operation() const noexcept { return fields_->operation; }
    /// The number of the part concerned; 0 when none is.
    std::uint32_t part_number() const noexcept { return fields_->part_number; }
    /// How often the request was tried; 0 when none was involved.
    std::uint32_t attempts() const noexcept { return fields_->attempts; }
    /// The answer's HTTP status; 0 when there was no answer.
    std::uint32_t http_status() const noexcept { return fields_->http_status; }
    /// OSS's error code, such as "AccessDenied"; "" when OSS gave none.
    const std::string &oss_code() const noexcept { return fields_->oss_code; }
    /// The finer code that OSS's documentation explains; "" when OSS gave none.
    const std::string &ec() const noexcept { return fields_->ec; }
    /// OSS's id of the request, which its support asks for; "" when there was no answer.
    const std::string &request_id() const noexcept { return fields_->request_id; }
    /// The host that was spoken to; "" when none was.
    const std::string &host() const noexcept { return fields_->host; }
    /// The operating system's error number; 0 when none is known.
    std::int32_t os_errno() const noexcept { return fields_->os_errno; }
    /// Whether trying again later may help.
    bool is_temporary() const noexcept { return fields_->is_temporary; }

    /// What the upload did that ended so; nullptr for an error of anything else, and when it was not even started.
    const UploadResult *result() const noexcept { return result_.get(); }

    /// The same error, of an upload that did this.
    Error with(std::shared_ptr<const UploadResult> result) const
    {
        Error other = *this;
        other.result_ = std::move(result);
        return other;
    }

    /// The same error, of the upload that another one is of.
    Error with(const Error &other) const { return with(other.result_); }

private:
    static std::shared_ptr<const detail::ErrorFields> fields(Status status, bool is_temporary)
    {
        detail::ErrorFields fields;
        fields.status = status;
        fields.is_temporary = is_temporary;
        return std::make_shared<const detail::ErrorFields>(std::move(fields));
    }

    std::shared_ptr<const detail::ErrorFields> fields_;
    std::shared_ptr<const UploadResult> result_;
};

/// What a function returned, or why it could not: what std::expected is since C++23.
template <class T> class [[nodiscard]] Result {
public:
    Result(T value) : held_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : held_(std::in_place_index<1>, std::move(error)) {}

    bool has_value() const noexcept { return held_.index() == 0; }
    explicit operator bool() const noexcept { return has_value(); }

    /// What was returned; there has to be something.
    T &operator*() & noexcept { return *std::get_if<0>(&held_); }
    const T &operator*() const & noexcept { return *std::get_if<0>(&held_); }
    T &&operator*() && noexcept { return std::move(*std::get_if<0>(&held_)); }
    T *operator->() noexcept { return std::get_if<0>(&held_); }
    const T *operator->() const noexcept { return std::get_if<0>(&held_); }

    /// Why there is nothing; there has to be nothing.
    const Error &error() const noexcept { return *std::get_if<1>(&held_); }

#if OSSUP_EXCEPTIONS
    /// What was returned; throws the error if there is one.
    T value() &&
    {
        if (!has_value()) throw error();
        return *std::move(*this);
    }

    const T &value() const &
    {
        if (!has_value()) throw error();
        return **this;
    }
#endif

private:
    std::variant<T, Error> held_;
};

template <> class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Error error) : error_(std::move(error)) {}

    bool has_value() const noexcept { return !error_.has_value(); }
    explicit operator bool() const noexcept { return has_value(); }
    const Error &error() const noexcept { return *error_; }

#if OSSUP_EXCEPTIONS
    void value() const
    {
        if (error_) throw *error_;
    }
#endif

private:
    std::optional<Error> error_;
};

namespace detail {

using ErrorHandle = Handle<ossup_error, ossup_error_free>;

/// An error of C's. `what` failed, for calls that say no more than a status.
inline Error error_of(ossup_status status, ErrorHandle error, const char *what)
{
    if (!error) {
        const auto known = static_cast<Status>(status);
        return Error(known, std::string(what) + ": " + status_name(known));
    }
    ErrorFields fields;
    fields.status = static_cast<Status>(ossup_error_status(error.get()));
    fields.operation = text_of(ossup_error_operation(error.get()));
    fields.part_number = ossup_error_part_number(error.get());
    fields.attempts = ossup_error_attempts(error.get());
    fields.http_status = ossup_error_http_status(error.get());
    fields.oss_code = text_of(ossup_error_oss_code(error.get()));
    fields.ec = text_of(ossup_error_ec(error.get()));
    fields.request_id = text_of(ossup_error_request_id(error.get()));
    fields.host = text_of(ossup_error_host(error.get()));
    fields.os_errno = ossup_error_os_errno(error.get());
    fields.is_temporary = ossup_error_is_temporary(error.get());
    return Error(text_of(ossup_error_message(error.get())), std::move(fields));
}

/// A call of C's that took a place for an error.
template <class Call> Result<void> checked(const char *what, Call &&call)
{
    ossup_error *error = nullptr;
    const ossup_status status = std::forward<Call>(call)(&error);
    ErrorHandle owned(error);
    if (status == OSSUP_OK) return {};
    return error_of(status, std::move(owned), what);
}

/// A call of C's that returned nothing but a status.
inline Result<void> checked(const char *what, ossup_status status)
{
    if (status == OSSUP_OK) return {};
    return error_of(status, nullptr, what);
}

inline Error has_a_nul(const char *name)
{
    return Error(Status::invalid_argument, std::string(name) + " has a NUL in it");
}

} // namespace detail
} // namespace OSSUP_VERSIONED
} // namespace ossup

#endif
