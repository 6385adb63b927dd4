package ossup

// #include <ossup.h>
import "C"

import (
	"log/slog"
	"time"
)

// Tags of events that are about no upload.
const noUpload = 0

// Network is a way into a region.
type Network int

const (
	NetworkPublic             Network = C.OSSUP_NETWORK_PUBLIC              // by the internet: the default
	NetworkInternal           Network = C.OSSUP_NETWORK_INTERNAL            // by the region's own network
	NetworkDualStack          Network = C.OSSUP_NETWORK_DUAL_STACK          // by the internet, IPv6 as well as IPv4
	NetworkAccelerate         Network = C.OSSUP_NETWORK_ACCELERATE          // by transfer acceleration
	NetworkAccelerateOverseas Network = C.OSSUP_NETWORK_ACCELERATE_OVERSEAS // the same, outside mainland China
)

// Versions of OSS's signature.
const (
	SignatureV1 = C.OSSUP_SIGNATURE_V1 // which private deployments of old know
	SignatureV4 = C.OSSUP_SIGNATURE_V4 // the default
)

// Config is how a client speaks to OSS. What is zero is the library's default. Durations are counted in whole milliseconds.
// Each field is the parameter of ossup_config_set_ and its name; a value that is refused is an InvalidArgument of NewClient.
type Config struct {
	Endpoint         string   // such as "https://oss-cn-hangzhou.aliyuncs.com"; default: the region's own
	Region           string   // such as "cn-hangzhou"; read from endpoints that name it
	Network          Network  // the way into the region, where there is no Endpoint
	Product          string   // that signatures are made for; default: "oss"
	CloudBoxID       string   // default: the one that the endpoint names, if it names one
	SignedHeaders    []string // further headers that signatures cover (ossup_config_add_signed_header)
	SignatureVersion int      // SignatureV4 (default) or SignatureV1
	PathStyle        bool     // the bucket goes into the path instead of the host
	CNAME            bool     // the endpoint is a domain of the bucket's own

	// Credentials are a key of the caller's, of type Credentials, or where to have one from: Environment, ECSRole, OIDCRole, a
	// CredentialsFunc, or several of them in a CredentialsChain. Nil is Environment.
	Credentials         CredentialsSource
	CredentialsTimeout  time.Duration // how long a source may take; default: a minute
	ECSMetadataEndpoint string        // default: "http://100.100.100.200"
	STSEndpoint         string        // default: ALIBABA_CLOUD_STS_ENDPOINT, or else "sts.aliyuncs.com"

	CAFile        string // a PEM file of certificates to trust besides the system's
	CAPEM         string // certificates to trust besides those
	NoSystemTrust bool   // trusts those of CAFile and CAPEM alone

	// DangerouslyDisableCertificateVerification accepts any certificate. For tests alone.
	DangerouslyDisableCertificateVerification bool

	Proxy     string // such as "http://user:password@proxy:3128"; default: the environment's
	NoProxy   string // hosts that are reached without it, separated by commas; default: the environment's
	UserAgent string // what the User-Agent says after "ossup/" and the version

	ConnectTimeout   time.Duration // for a connection to stand; default: 10 s
	IdleTimeout      time.Duration // for a request that stands still; default: 30 s
	CompleteTimeout  time.Duration // for OSS to make the object; default: 10 min
	MaxAttempts      int           // of a request, the first included; default: 8
	MaxElapsed       time.Duration // how long an upload keeps trying, however often; default: by MaxAttempts
	BandwidthLimit   int64         // of all uploads together, in bytes per second, at least 1024; default: none
	MaxUploads       int           // under way at a time, those beyond it wait; default: 64, or Unlimited
	MaxPartsInFlight int           // of all uploads together; default: by each TaskNum
	MaxMemory        int64         // of all parts under way, in bytes, at least 786432; default: none
	ProgressInterval time.Duration // the least time between two calls of Progress; default: 100 ms

	// Logger is told what the client does, in a goroutine of its own. It may take its time: when a thousand lines wait, further
	// ones are lost and counted. No line holds a secret. A panic of its handler ends the log, and Client.Close returns it.
	Logger *slog.Logger
	// LogLevel is the least level that is told. Nil is the least that Logger is enabled for when the client is made.
	LogLevel slog.Leveler

	// Options are further parameters, by what follows ossup_config_set_ in the names of their setters in C. An empty text that
	// means something is given here, too: "proxy": "" is no proxy, whatever the environment says.
	Options map[string]string
}

// native makes C's client, which puts its questions for credentials into one queue and its log into another.
func (c *Config) native(events *C.ossup_queue, log *log) (client *C.ossup_client, providers []CredentialsFunc, err error) {
	var config *C.ossup_config
	if err := check(C.ossup_config_new(&config), nil); err != nil {
		return nil, nil, err
	}
	defer C.ossup_config_free(config)
	o := &options{set: func(name, value *C.char) C.ossup_status { return C.ossup_config_set_option(config, name, value) }}
	c.set(o)
	if c.CAFile != "" {
		setCAFile(config, o.path("CAFile", c.CAFile))
	}
	for _, header := range c.SignedHeaders {
		C.ossup_config_add_signed_header(config, o.c("SignedHeaders", header))
	}
	if c.DangerouslyDisableCertificateVerification {
		C.ossup_config_dangerously_disable_certificate_verification(config)
	}
	sources := &sources{config: config, events: events, texts: &o.texts}
	sources.add(c.Credentials)
	if log != nil {
		C.ossup_config_set_log_queue(config, log.level, log.queue, noUpload)
	}
	if o.refused != nil {
		return nil, nil, o.refused
	}
	var failure *C.ossup_error
	err = check(C.ossup_client_new(config, &client, &failure), &failure)
	return client, sources.providers, err
}

func (c *Config) set(o *options) {
	o.text("endpoint", c.Endpoint)
	o.text("region", c.Region)
	o.number("network", int64(c.Network))
	o.text("product", c.Product)
	o.text("cloud_box_id", c.CloudBoxID)
	o.number("signature_version", int64(c.SignatureVersion))
	o.flag("path_style", c.PathStyle)
	o.flag("cname", c.CNAME)
	o.milliseconds("credentials_timeout_ms", c.credentialsTimeout())
	o.text("ecs_metadata_endpoint", c.ECSMetadataEndpoint)
	o.text("sts_endpoint", c.STSEndpoint)
	o.text("ca_pem", c.CAPEM)
	if c.NoSystemTrust {
		o.text("system_trust", "false")
	}
	o.text("proxy", c.Proxy)
	o.text("no_proxy", c.NoProxy)
	o.text("user_agent", c.UserAgent)
	o.milliseconds("connect_timeout_ms", c.ConnectTimeout)
	o.milliseconds("idle_timeout_ms", c.IdleTimeout)
	o.milliseconds("complete_timeout_ms", c.CompleteTimeout)
	o.number("max_attempts", int64(c.MaxAttempts))
	o.milliseconds("max_elapsed_ms", c.MaxElapsed)
	o.number("bandwidth_limit", c.BandwidthLimit)
	o.orZero("max_uploads", int64(c.MaxUploads))
	o.number("max_parts_in_flight", int64(c.MaxPartsInFlight))
	o.number("max_memory", c.MaxMemory)
	o.milliseconds("progress_interval_ms", c.ProgressInterval)
	o.named(c.Options)
}

// credentialsTimeout is how long a source may take, which its context says, too.
func (c *Config) credentialsTimeout() time.Duration {
	if c.CredentialsTimeout == 0 {
		return time.Minute
	}
	return c.CredentialsTimeout
}
