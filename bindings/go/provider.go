package ossup

// #include <ossup.h>
import "C"

import (
	"context"
	"errors"
)

// answer asks a function what the library asks for, and frees the question, also when the function ends the goroutine.
func (c *client) answer(question *C.ossup_credentials_request, provider CredentialsFunc) {
	defer C.ossup_credentials_request_free(question)
	if !C.ossup_credentials_request_is_wanted(question) {
		return
	}
	ctx, cancel := context.WithTimeout(c.life, c.credentialsTimeout)
	defer cancel()
	credentials, err := ask(ctx, provider)
	if err == nil {
		err = give(question, credentials)
	}
	if err != nil {
		c.noCredentials.Store(&err)
		fail(question, err)
	}
}

func ask(ctx context.Context, provider CredentialsFunc) (credentials Credentials, err error) {
	panicked := guard("Credentials", func() { credentials, err = provider(ctx) })
	if panicked != nil {
		err = panicked
	}
	return credentials, err
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
