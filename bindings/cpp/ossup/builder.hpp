/// What a Config and a Request have in common.

#ifndef OSSUP_CPP_BUILDER_HPP
#define OSSUP_CPP_BUILDER_HPP

#include "error.hpp"
#include "path.hpp"

namespace ossup {
inline namespace OSSUP_VERSIONED {
namespace detail {

/// The reason why a library that was loaded cannot be used: it is not the one that these headers were made for.
inline std::optional<Error> misfit()
{
    const std::uint32_t theirs = ossup_abi_version(), ours = OSSUP_ABI_VERSION;
    if (theirs == ours) return std::nullopt;
    return Error(Status::invalid_state, "the library that was loaded has the binary interface " + std::to_string(theirs) +
                                            ", and this program was compiled for " + std::to_string(ours));
}

/// Passes parameters on to C, which keeps the first that it refused; what is refused here is kept beside.
template <class Self, class T, const char *(*ErrorOf)(const T *), void (*Free)(T *)> class Builder {
public:
    /// Why the first refused parameter was refused; nothing when none was. The call that uses it reports the same.
    std::optional<Error> error() const
    {
        if (refused_) return refused_;
        const char *message = ErrorOf(handle_.get());
        if (message == nullptr) return std::nullopt;
        return Error(Status::invalid_argument, message);
    }

    const T *native_handle() const noexcept { return handle_.get(); }

protected:
    explicit Builder(ossup_status (*make)(T **))
    {
        T *made = nullptr;
        refused_ = misfit();
        if (!refused_) note("it", make(&made));
        handle_.reset(made);
    }

    /// The first that is refused counts.
    Self &refuse(Error error)
    {
        if (!this->error()) refused_ = std::move(error);
        return self();
    }

    /// What C refused without keeping why, as it is no parameter's fault, is kept here.
    Self &note(const char *name, ossup_status status)
    {
        if (status == OSSUP_OK) return self();
        return refuse(error_of(status, nullptr, name));
    }

    Self &set(const char *name, ossup_status (*setter)(T *, const char *), std::string_view text)
    {
        if (has_nul(text)) return refuse(has_a_nul(name));
        return note(name, setter(handle_.get(), std::string(text).c_str()));
    }

    Self &set(const char *name, ossup_status (*setter)(T *, const PathChar *), const std::filesystem::path &path)
    {
        if (path_has_nul(path)) return refuse(has_a_nul(name));
        return note(name, setter(handle_.get(), path.c_str()));
    }

    Self &set(const char *name, ossup_status (*setter)(T *, std::uint64_t), Milliseconds time)
    {
        if (time.count() < 0) return refuse(Error(Status::invalid_argument, std::string(name) + " is negative"));
        return note(name, setter(handle_.get(), static_cast<std::uint64_t>(time.count())));
    }

    template <class Number> Self &set(const char *name, ossup_status (*setter)(T *, Number), Number number)
    {
        return note(name, setter(handle_.get(), number));
    }

    Self &set_pair(const char *name, ossup_status (*setter)(T *, const char *, const char *), std::string_view key,
                   std::string_view value)
    {
        if (has_nul(key) || has_nul(value)) return refuse(has_a_nul(name));
        return note(name, setter(handle_.get(), std::string(key).c_str(), std::string(value).c_str()));
    }

    Self &set_by_name(ossup_status (*setter)(T *, const char *, const char *), std::string_view name,
                      std::optional<std::string_view> value)
    {
        const std::string copy(name);
        if (has_nul(name) || (value && has_nul(*value))) return refuse(has_a_nul(copy.c_str()));
        if (!value) return note(copy.c_str(), setter(handle_.get(), copy.c_str(), nullptr));
        return note(copy.c_str(), setter(handle_.get(), copy.c_str(), std::string(*value).c_str()));
    }

    T *handle() noexcept { return handle_.get(); }

private:
    Self &self() noexcept { return static_cast<Self &>(*this); }

    Handle<T, Free> handle_;
    std::optional<Error> refused_;
};

/// Text where C takes NULL for none.
class OrNull {
public:
    explicit OrNull(std::string_view text) : text_(text) {}
    const char *get() const noexcept { return text_.empty() ? nullptr : text_.c_str(); }

private:
    std::string text_;
};

} // namespace detail
} // namespace OSSUP_VERSIONED
} // namespace ossup

#endif
