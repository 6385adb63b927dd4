package clients

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss"
)

func equal[T any](t *testing.T, found, expected T) {
	t.Helper()
	if !reflect.DeepEqual(found, expected) {
		t.Fatalf("found %s, expected %s", short(found), short(expected))
	}
}

func succeed(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// must hands on the value of a call that has to succeed.
func must[T any](value T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		succeed(t, err)
		return value
	}
}

func fails(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		t.Fatal("the call succeeded, an error was expected")
	}
}

// refused expects an error of the service.
func refused(t *testing.T, err error, status int, code string) {
	t.Helper()
	fails(t, err)
	var refusal *oss.ServiceError
	if !errors.As(err, &refusal) || refusal.StatusCode != status || refusal.Code != code {
		t.Fatalf("expected %d %s, got %v", status, code, err)
	}
}

// inconsistent tells whether the client found the service's checksum wrong.
func inconsistent(err error) bool {
	return err != nil && strings.Contains(err.Error(), "crc is inconsistent")
}

func short(value any) string {
	text := fmt.Sprintf("%v", value)
	if len(text) > 300 {
		return fmt.Sprintf("%.300s... (%d characters)", text, len(text))
	}
	return text
}
