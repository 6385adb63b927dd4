package ossup

// #include <ossup.h>
import "C"

import (
	"context"
	"errors"
	"runtime/debug"
	"time"
)

// Credentials are an access key. As a provider, they provide themselves.
type Credentials struct {
	AccessKeyID     string
	AccessKeySecret string
	SecurityToken   string    // of a temporary access key
	Expires         time.Time // zero when it is not known
}

// A CredentialsProvider is asked when credentials are needed and again shortly before they end, one question at a time
// unless one took longer than the credentials timeout. It may take its time: it holds up nothing but uploads that have no
// credentials. An error fails these, unless it has a method Temporary() bool that says true. The context is done when the
// client is closed.
type CredentialsProvider interface {
	Credentials(ctx context.Context) (Credentials, error)
}

// CredentialsFunc is a provider that is a function.
type CredentialsFunc func(ctx context.Context) (Credentials, error)

// Credentials calls the function.
func (f CredentialsFunc) Credentials(ctx context.Context) (Credentials, error) {
	return f(ctx)
}

// Credentials gives themselves.
func (c Credentials) Credentials(context.Context) (Credentials, error) {
	return c, nil
}

// answer asks the provider what the library asks for, and frees the question.
func (c *Client) answer(question *C.ossup_credentials_request) {
	defer C.ossup_credentials_request_free(question)
	credentials, err := ask(c.life, c.provider)
	if err == nil {
		err = give(question, credentials)
	}
	if err != nil {
		c.noCredentials.Store(&err)
		fail(question, err)
	}
}

func ask(ctx context.Context, provider CredentialsProvider) (credentials Credentials, err error) {
	defer func() {
		if value := recover(); value != nil {
			err = &PanicError{Function: "Credentials", Value: value, Stack: debug.Stack()}
		}
	}()
	return provider.Credentials(ctx)
}

func give(question *C.ossup_credentials_request, credentials Credentials) error {
	var texts texts
	id := texts.c("AccessKeyID", credentials.AccessKeyID)
	secret := texts.c("AccessKeySecret", credentials.AccessKeySecret)
	token := texts.optional("SecurityToken", credentials.SecurityToken)
	if texts.refused != nil {
		return texts.refused
	}
	var expires C.int64_t
	if !credentials.Expires.IsZero() {
		expires = C.int64_t(credentials.Expires.Unix())
	}
	var failure *C.ossup_error
	return check(C.ossup_credentials_request_give(question, id, secret, token, expires, &failure), &failure)
}

func fail(question *C.ossup_credentials_request, err error) {
	var texts texts
	message := texts.c("message", err.Error())
	var maybe interface{ Temporary() bool }
	temporary := errors.As(err, &maybe) && maybe.Temporary()
	C.ossup_credentials_request_fail(question, message, C.bool(temporary))
}
