package ossup

// #include <ossup.h>
import "C"

import (
	"context"
	"fmt"
	"log/slog"
	"time"
)

// A CredentialsSource is where a client has its credentials from: Credentials, Environment, ECSRole, OIDCRole, a
// CredentialsFunc or a CredentialsChain. What it gives is kept for all uploads of the client until shortly before its end, or
// until OSS refuses it.
type CredentialsSource interface {
	addTo(sources *sources)
}

// Credentials are an access key (ossup_config_set_credentials). Printed or logged, they do not show the secret.
type Credentials struct {
	AccessKeyID     string
	AccessKeySecret string
	SecurityToken   string    // of a temporary access key
	Expires         time.Time // from when on OSS refuses them; zero when it is not known
}

// String names the key without its secret.
func (c Credentials) String() string {
	return fmt.Sprintf("{AccessKeyID:%s AccessKeySecret:*** SecurityToken:*** Expires:%v}", c.AccessKeyID, c.Expires)
}

// GoString is String, for %#v.
func (c Credentials) GoString() string {
	return "ossup.Credentials" + c.String()
}

// LogValue is String, for log/slog.
func (c Credentials) LogValue() slog.Value {
	return slog.StringValue(c.String())
}

// Environment has OSS_ACCESS_KEY_ID, OSS_ACCESS_KEY_SECRET and OSS_SESSION_TOKEN, or else their like of ALIBABA_CLOUD_, which
// NewClient reads (ossup_config_add_environment_credentials).
type Environment struct{}

// ECSRole is the RAM role of the ECS instance that this runs on (ossup_config_add_ecs_ram_role).
type ECSRole struct {
	Name string // default: ALIBABA_CLOUD_ECS_METADATA of the environment, or else the role that the instance has
}

// OIDCRole is a RAM role that STS lends in exchange for an OIDC token, as Kubernetes hands one to a pod
// (ossup_config_add_oidc_role). What is empty is ALIBABA_CLOUD_ROLE_ARN, ALIBABA_CLOUD_OIDC_PROVIDER_ARN or
// ALIBABA_CLOUD_OIDC_TOKEN_FILE of the environment.
type OIDCRole struct {
	RoleARN         string
	OIDCProviderARN string
	TokenFile       string
}

// A CredentialsFunc is asked when credentials are needed and again shortly before they end, on a goroutine of its own, one
// question at a time unless one took longer than Config.CredentialsTimeout (ossup_config_add_credentials_queue). It holds up
// nothing but uploads that have no credentials. The context is done when that time is over or the client is closed.
//
// An error, or a panic, fails the uploads that wait, unless it has a method Temporary() bool that says true: then they ask
// again. It becomes part of their error, in words and for errors.Is, so it should hold no secret.
type CredentialsFunc func(ctx context.Context) (Credentials, error)

// A CredentialsChain is asked in its order; the first that has credentials counts.
type CredentialsChain []CredentialsSource

// sources adds sources of credentials to a config.
type sources struct {
	config    *C.ossup_config
	events    *C.ossup_queue
	texts     *texts
	providers []CredentialsFunc // by their tags
	count     int
}

func (s *sources) add(source CredentialsSource) {
	if source == nil {
		source = Environment{}
	}
	source.addTo(s)
	s.count++
}

// C's setter of a key would take away the sources before it. Behind them a key is asked for like anything else.
func (c Credentials) addTo(s *sources) {
	if s.count > 0 {
		CredentialsFunc(func(context.Context) (Credentials, error) { return c, nil }).addTo(s)
		return
	}
	C.ossup_config_set_credentials(
		s.config,
		s.texts.c("AccessKeyID", c.AccessKeyID),
		s.texts.c("AccessKeySecret", c.AccessKeySecret),
		s.texts.optional("SecurityToken", c.SecurityToken),
	)
}

func (Environment) addTo(s *sources) {
	C.ossup_config_add_environment_credentials(s.config)
}

func (r ECSRole) addTo(s *sources) {
	C.ossup_config_add_ecs_ram_role(s.config, s.texts.optional("Name", r.Name))
}

func (r OIDCRole) addTo(s *sources) {
	addOIDCRole(
		s.config,
		s.texts.optional("RoleARN", r.RoleARN),
		s.texts.optional("OIDCProviderARN", r.OIDCProviderARN),
		s.texts.optionalPath("TokenFile", r.TokenFile),
	)
}

func (f CredentialsFunc) addTo(s *sources) {
	C.ossup_config_add_credentials_queue(s.config, s.events, C.uint64_t(len(s.providers)))
	s.providers = append(s.providers, f)
}

func (c CredentialsChain) addTo(s *sources) {
	for _, source := range c {
		s.add(source)
	}
}
