// Does what a file says, by the means of C++, and reports what came of it: `driver FILE`. Both are lines of a name and a value.

#include <ossup.hpp>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace {

using namespace std::chrono_literals;

struct Unknown : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// What the file says. Names that may be repeated are kept in their order.
struct Orders {
    std::map<std::string, std::string> words;
    std::vector<std::pair<std::string, std::string>> configs, options, metadata, tags, gives;

    const std::string &operator[](const std::string &name) const
    {
        const auto found = words.find(name);
        if (found == words.end()) throw Unknown("there is no " + name);
        return found->second;
    }
    bool has(const std::string &name) const { return words.count(name) > 0; }
};

std::pair<std::string, std::string> cut(const std::string &line)
{
    const auto space = line.find(' ');
    return {line.substr(0, space), space == std::string::npos ? "" : line.substr(space + 1)};
}

Orders read(const char *path)
{
    static const std::string ONCE[] = {"act",    "endpoint", "region", "access_key_id", "access_key_secret", "security_token",
                                       "bucket", "key",      "file",   "count",         "deadline_ms",       "resume_token",
                                       "callback"};
    std::ifstream file(path, std::ios::binary);
    if (!file) throw Unknown(std::string(path) + " cannot be read");
    Orders orders;
    for (std::string line; std::getline(file, line);) {
        if (line.empty()) continue;
        const auto [name, value] = cut(line);
        if (name == "config") orders.configs.push_back(cut(value));
        else if (name == "option") orders.options.push_back(cut(value));
        else if (name == "metadata") orders.metadata.push_back(cut(value));
        else if (name == "tag") orders.tags.push_back(cut(value));
        else if (name == "give" || name == "give_failure") orders.gives.emplace_back(name, value);
        else if (std::find(std::begin(ONCE), std::end(ONCE), name) != std::end(ONCE)) orders.words[name] = value;
        else throw Unknown("unknown: " + name);
    }
    return orders;
}

void say(const std::string &name, std::string value)
{
    std::replace(value.begin(), value.end(), '\n', ' ');
    std::cout << name << ' ' << value << std::endl;
}

void say(const std::string &name, std::uint64_t number)
{
    if (number != 0) say(name, std::to_string(number));
}

void say_known(const std::string &name, const std::string &value)
{
    if (!value.empty()) say(name, value);
}

const char *truth(bool is_so)
{
    return is_so ? "true" : "false";
}

std::string phase_name(ossup::Phase phase)
{
    switch (phase) {
    case ossup::Phase::preparing: return "PREPARING";
    case ossup::Phase::uploading: return "UPLOADING";
    case ossup::Phase::completing: return "COMPLETING";
    case ossup::Phase::done: return "DONE";
    }
    return "UNKNOWN";
}

/// What a listener is told.
class Meter {
public:
    void operator()(const ossup::Progress &progress)
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        const std::uint64_t before = last_.bytes_confirmed;
        back_ += progress.bytes_confirmed < before ? 1 : 0;
        calls_++;
        last_ = progress;
        moved_.notify_all();
    }

    void over()
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        is_over_ = true;
        moved_.notify_all();
    }

    /// Until a part is done, or nothing will be.
    void wait_for_a_part()
    {
        std::unique_lock<std::mutex> lock(mutex_);
        moved_.wait(lock, [&] { return last_.bytes_confirmed > 0 || is_over_; });
    }

    void report() const
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        say("progress_calls", std::to_string(calls_));
        if (calls_ == 0) return;
        say("progress_last", std::to_string(last_.bytes_confirmed) + " " + std::to_string(last_.bytes_total));
        say("progress_back", std::to_string(back_));
        say("progress_phase", phase_name(last_.phase));
    }

private:
    mutable std::mutex mutex_;
    std::condition_variable moved_;
    ossup::Progress last_;
    unsigned calls_ = 0, back_ = 0;
    bool is_over_ = false;
};

void report(const ossup::UploadResult &result)
{
    say("resumed", truth(result.is_resumed()));
    say_known("reason", result.reason());
    say("resumable", truth(result.is_resumable()));
    say("parts_total", std::to_string(result.parts_total()));
    say("parts_reused", std::to_string(result.parts_reused()));
    say("parts_sent", std::to_string(result.parts_sent()));
    say("bytes_total", std::to_string(result.bytes_total()));
    say_known("etag", result.etag());
    if (result.status() == ossup::Status::ok) say("crc64", std::to_string(result.crc64()));
    say_known("callback_body", result.callback_body().value_or(""));
    say_known("warning", result.warning());
}

void report(const ossup::Error &error)
{
    say("ended", ossup::status_name(error.status()));
    say("http_status", error.http_status());
    say_known("oss_code", error.oss_code());
    say_known("request_id", error.request_id());
    say_known("operation", error.operation());
    say("attempts", error.attempts());
    say("temporary", truth(error.is_temporary()));
    say("message", error.what());
    if (error.result() != nullptr) report(*error.result());
}

/// Reports how an upload ends that the function waits for, without another one's report between its lines.
template <class Wait> void report_end(Wait wait)
{
    static std::mutex one_at_a_time;
    try {
        const ossup::UploadResult result = wait();
        const std::lock_guard<std::mutex> lock(one_at_a_time);
        say("ended", ossup::status_name(result.status()));
        report(result);
    } catch (const ossup::Error &error) {
        const std::lock_guard<std::mutex> lock(one_at_a_time);
        report(error);
    }
}

/// Whoever answers with what the file gives, one after another.
class Provider {
public:
    explicit Provider(std::vector<std::pair<std::string, std::string>> gives) : gives_(std::move(gives)) {}

    ossup::Credentials operator()()
    {
        const std::size_t asked = questions_++;
        const auto &[name, value] = gives_[std::min(asked, gives_.size() - 1)];
        if (name == "give_failure") throw std::runtime_error(value);
        std::istringstream words(value);
        std::string token, seconds;
        ossup::Credentials credentials;
        words >> credentials.access_key_id >> credentials.access_key_secret >> token >> seconds;
        if (token != "-") credentials.security_token = token;
        if (seconds != "-") {
            credentials.expires = std::chrono::system_clock::now() + std::chrono::seconds(std::stoll(seconds));
        }
        return credentials;
    }

    std::size_t questions() const { return questions_; }

private:
    std::vector<std::pair<std::string, std::string>> gives_;
    std::atomic<std::size_t> questions_{0};
};

class Driver {
public:
    explicit Driver(Orders orders) : orders_(std::move(orders)), provider_(std::make_shared<Provider>(orders_.gives)) {}

    void run()
    {
        const std::string &act = orders_["act"];
        if (act == "log") prepare_log();
        if (act == "record") {
            record();
            return;
        }
        const ossup::Client client = make_client();
        perform(act, client);
        if (!orders_.gives.empty()) say("questions", std::to_string(provider_->questions()));
        if (act != "log") return;
        client.shutdown();
        say("log_lines", std::to_string(log_lines_));
        say("log_secret", std::to_string(log_secret_));
    }

private:
    ossup::Client make_client()
    {
        config_.set_endpoint(orders_["endpoint"]).set_path_style(true);
        if (orders_.has("region")) config_.set_region(orders_["region"]);
        for (const auto &[name, value] : orders_.configs) config_.set_option(name, value);
        const std::string token = orders_.has("security_token") ? orders_["security_token"] : "";
        if (orders_.gives.empty()) config_.set_credentials(orders_["access_key_id"], orders_["access_key_secret"], token);
        else config_.add_credentials_provider([provider = provider_] { return (*provider)(); });
        return ossup::Client(config_);
    }

    ossup::Request make_request(const std::string &key) const
    {
        ossup::Request request;
        request.set_bucket_name(orders_["bucket"]).set_key(key);
        if (orders_.has("file")) request.set_upload_file(std::filesystem::u8path(orders_["file"]));
        for (const auto &[name, value] : orders_.options) request.set_option(name, value);
        for (const auto &[name, value] : orders_.metadata) request.add_user_metadata(name, value);
        for (const auto &[tag, value] : orders_.tags) request.add_tag(tag, value);
        if (orders_.has("callback")) {
            const auto [url, body] = cut(orders_["callback"]);
            request.set_callback(url, body);
        }
        if (orders_.has("deadline_ms")) request.set_deadline(std::chrono::milliseconds(std::stoll(orders_["deadline_ms"])));
        if (orders_.has("resume_token")) request.set_resume_token(orders_["resume_token"]);
        return request;
    }

    ossup::Request make_request() const { return make_request(orders_["key"]); }

    ossup::Listener listener()
    {
        ossup::Listener listener([this](const ossup::Progress &progress) { meter_(progress); });
        listener.on_complete = [this](const ossup::UploadHandle &, ossup::Status) { meter_.over(); };
        return listener;
    }

    void perform(const std::string &act, const ossup::Client &client)
    {
        if (act == "upload" || act == "log") upload(client, make_request());
        else if (act == "pause") stop(client, [](const ossup::Upload &upload) { upload.pause(); });
        else if (act == "abort") stop(client, [](const ossup::Upload &upload) { upload.abort(); });
        else if (act == "export") stop(client, [](const ossup::Upload &upload) { upload.pause(); }, true);
        else if (act == "close_client") close_client(client);
        else if (act == "pause_in_progress") pause_in_progress(client);
        else if (act == "listener_fails") listener_fails(client);
        else if (act == "free_early") free_early(client);
        else if (act == "twice") twice(client);
        else if (act == "together") together(client, keys());
        else if (act == "memory") upload(client, make_request().set_upload_memory(bytes()));
        else if (act == "stream") stream(client, ossup::unknown_size);
        else if (act == "stream_sized") stream(client, std::filesystem::file_size(path()));
        else if (act == "stream_failing") stream_failing(client);
        else if (act == "incomplete") incomplete(client);
        else throw Unknown("unknown: act " + act);
    }

    void upload(const ossup::Client &client, const ossup::Request &request)
    {
        report_end([&] { return client.upload(request, listener()); });
        meter_.report();
    }

    template <class Stop> void stop(const ossup::Client &client, Stop stop, bool wants_token = false)
    {
        report_end([&] {
            const ossup::Upload upload = client.start(make_request(), listener());
            meter_.wait_for_a_part();
            stop(upload);
            try {
                return upload.wait();
            } catch (const ossup::Error &error) {
                if (wants_token && error.result() != nullptr) say("resume_token", error.result()->resume_token());
                throw;
            }
        });
        meter_.report();
    }

    void close_client(const ossup::Client &client)
    {
        stop(client, [&](const ossup::Upload &) { client.shutdown(); });
        report_end([&] { return client.upload(make_request()); });
    }

    void pause_in_progress(const ossup::Client &client)
    {
        report_end([&] {
            return client.upload(make_request(), [this](const ossup::UploadHandle &upload, const ossup::Progress &progress) {
                meter_(progress);
                if (progress.bytes_confirmed > 0) upload.pause();
            });
        });
        meter_.report();
    }

    void listener_fails(const ossup::Client &client)
    {
        const ossup::Upload upload = client.start(make_request(), [this](const ossup::Progress &progress) {
            meter_(progress);
            throw std::runtime_error("listener: boom");
        });
        try {
            static_cast<void>(upload.wait());
        } catch (const ossup::Error &) {
            throw;
        } catch (const std::runtime_error &error) {
            say("raised", error.what());
        }
        report_end([&] {
            ossup::UploadResult result = upload.result();
            if (const auto error = result.error()) throw *error;
            return result;
        });
        meter_.report();
    }

    void free_early(const ossup::Client &client)
    {
        client.start(make_request(), listener()).detach();
        meter_.wait_for_a_part();
        client.shutdown();
        say("freed", "");
    }

    /// Each is told of as soon as it ends.
    void twice(const ossup::Client &client)
    {
        const auto one = [&] { report_end([&] { return client.upload(make_request()); }); };
        std::thread other(one);
        one();
        other.join();
    }

    void together(const ossup::Client &client, const std::vector<std::string> &keys)
    {
        std::vector<std::future<ossup::UploadResult>> uploads;
        uploads.reserve(keys.size());
        for (const auto &key : keys) uploads.push_back(client.upload_async(make_request(key)));
        for (auto &upload : uploads) report_end([&] { return upload.get(); });
    }

    void stream(const ossup::Client &client, std::uint64_t size)
    {
        std::ifstream source(path(), std::ios::binary);
        push(client, source, size);
    }

    void stream_failing(const ossup::Client &client)
    {
        /// Half of the bytes, then none.
        struct Half : std::stringbuf {
            using std::stringbuf::stringbuf;
            int_type underflow() override { throw std::runtime_error("source: boom"); }
        };
        const std::string whole = bytes();
        Half half(whole.substr(0, whole.size() / 2), std::ios::in);
        std::istream source(&half);
        source.exceptions(std::ios::badbit);
        ossup::Request request = make_request();
        request.set_upload_stream(ossup::unknown_size);
        const ossup::Upload upload = client.start(request, listener());
        std::string raised;
        try {
            upload.write(source);
        } catch (const std::runtime_error &error) {
            raised = error.what();
            upload.abort();
        }
        report_end([&] { return upload.wait(); });
        say_known("raised", raised);
        meter_.report();
    }

    void push(const ossup::Client &client, std::istream &source, std::uint64_t size)
    {
        ossup::Request request = make_request();
        request.set_upload_stream(size);
        report_end([&] { return client.upload_stream(request, source, listener()); });
        meter_.report();
    }

    void incomplete(const ossup::Client &client)
    {
        const std::string &bucket = orders_["bucket"];
        for (const auto &upload : client.list_incomplete_uploads(bucket)) {
            say("incomplete", upload.key);
            client.abort_incomplete_upload(bucket, upload.key, upload.upload_id);
        }
        say("incomplete_left", std::to_string(client.list_incomplete_uploads(bucket).size()));
        say("ended", "OK");
    }

    void record()
    {
        static const std::vector<std::string> STATES = {"BLANK", "UPLOADING", "COMPLETING", "DAMAGED", "TOO_NEW"};
        const ossup::Record record = ossup::read_record(path());
        std::ostringstream told;
        told << STATES.at(static_cast<std::size_t>(record.state)) << ' ' << record.bucket_name << ' ' << record.parts_confirmed << ' '
             << record.parts_total << ' ' << record.key;
        say("record", told.str());
        ossup::delete_record(path());
        say("ended", "OK");
    }

    void prepare_log()
    {
        config_.set_log(ossup::LogLevel::trace, [this](const ossup::LogLine &line) {
            log_lines_++;
            log_secret_ += line.message.find(orders_["access_key_secret"]) != std::string_view::npos ? 1 : 0;
        });
    }

    std::filesystem::path path() const { return std::filesystem::u8path(orders_["file"]); }

    std::string bytes() const
    {
        std::ifstream file(path(), std::ios::binary);
        return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    }

    std::vector<std::string> keys() const
    {
        std::vector<std::string> keys;
        const auto count = std::stoul(orders_["count"]);
        for (unsigned long number = 0; number < count; number++) keys.push_back(orders_["key"] + "-" + std::to_string(number));
        return keys;
    }

    Orders orders_;
    std::shared_ptr<Provider> provider_;
    ossup::Config config_;
    Meter meter_;
    std::atomic<unsigned> log_lines_{0}, log_secret_{0};
};

} // namespace

int main(int argc, char **argv)
{
    try {
        if (argc != 2) throw Unknown("usage: driver FILE");
        Driver(read(argv[1])).run();
#if defined(_WIN32)
        // Wine 8 may hang when a process ends while threads of it wait for sockets.
        ossup::shutdown();
#endif
        return 0;
    } catch (const Unknown &unknown) {
        std::cerr << "driver: " << unknown.what() << '\n';
        return 2;
    } catch (const ossup::Error &error) {
        // Of a client that could not be made.
        report(error);
        return 0;
    } catch (const std::exception &error) {
        std::cerr << "driver: " << error.what() << '\n';
        return 1;
    }
}
