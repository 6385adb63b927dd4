package ossup

// #include <ossup.h>
import "C"

import "time"

// Tags of events that are about no upload; those of uploads begin after it.
const noUpload = 0

// Config is how a client speaks to OSS. What is zero is the library's default.
type Config struct {
	Endpoint         string        // such as "https://oss-cn-hangzhou.aliyuncs.com"
	Region           string        // such as "cn-hangzhou"; read from endpoints that name it
	PathStyle        bool          // the bucket goes into the path instead of the host
	MaxAttempts      int           // of a request, the first included
	MaxUploads       int           // under way at a time; those beyond it wait
	ProgressInterval time.Duration // the least time between two calls of Progress, in whole milliseconds

	// Credentials are a key of the caller's, of type Credentials, or what provides one. Nil takes the environment's:
	// OSS_ACCESS_KEY_ID, OSS_ACCESS_KEY_SECRET and OSS_SESSION_TOKEN.
	Credentials CredentialsProvider

	// Log is told what the client does, line by line, in a goroutine of its own. It may take its time: when a thousand lines
	// wait, further ones are lost and counted. A panic ends the log; Close returns it.
	Log      func(level LogLevel, message string)
	LogLevel LogLevel // default: LogInfo

	// Options are other parameters, by what follows ossup_config_set_ in the names of their setters in C.
	Options map[string]string
}

// client makes C's client, which puts its questions for credentials into one queue and its log into another.
func (c *Config) client(events, lines *C.ossup_queue) (*C.ossup_client, error) {
	var config *C.ossup_config
	if err := check(C.ossup_config_new(&config), nil); err != nil {
		return nil, err
	}
	defer C.ossup_config_free(config)
	// What a setter refuses, ossup_client_new reports.
	var texts texts
	if c.Endpoint != "" {
		C.ossup_config_set_endpoint(config, texts.c("Endpoint", c.Endpoint))
	}
	if c.Region != "" {
		C.ossup_config_set_region(config, texts.c("Region", c.Region))
	}
	C.ossup_config_set_path_style(config, C.bool(c.PathStyle))
	if c.MaxAttempts != 0 {
		C.ossup_config_set_max_attempts(config, C.uint32_t(c.MaxAttempts))
	}
	if c.MaxUploads != 0 {
		C.ossup_config_set_max_uploads(config, C.uint32_t(c.MaxUploads))
	}
	if c.ProgressInterval != 0 {
		C.ossup_config_set_progress_interval_ms(config, C.uint32_t(c.ProgressInterval.Milliseconds()))
	}
	switch provider := c.Credentials.(type) {
	case nil:
		C.ossup_config_add_environment_credentials(config)
	case Credentials:
		C.ossup_config_set_credentials(
			config,
			texts.c("AccessKeyID", provider.AccessKeyID),
			texts.c("AccessKeySecret", provider.AccessKeySecret),
			texts.optional("SecurityToken", provider.SecurityToken),
		)
	default:
		C.ossup_config_add_credentials_queue(config, events, noUpload)
	}
	if c.Log != nil {
		level := c.LogLevel
		if level == 0 {
			level = LogInfo
		}
		C.ossup_config_set_log_queue(config, C.int32_t(level), lines, noUpload)
	}
	for name, value := range c.Options {
		C.ossup_config_set_option(config, texts.c("an option's name", name), texts.c(name, value))
	}
	if texts.refused != nil {
		return nil, texts.refused
	}
	var client *C.ossup_client
	var failure *C.ossup_error
	err := check(C.ossup_client_new(config, &client, &failure), &failure)
	return client, err
}
