package ossup

import (
	"errors"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

func equal[T any](t *testing.T, found, expected T) {
	t.Helper()
	if !reflect.DeepEqual(found, expected) {
		t.Fatalf("found %.300s, expected %.300s", fmt.Sprint(found), fmt.Sprint(expected))
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

// failure is the error that a call must have ended with.
func failure(t *testing.T, err error, status Status) *Error {
	t.Helper()
	var found *Error
	if !errors.As(err, &found) || !errors.Is(err, status) {
		t.Fatalf("expected %v, got %v", status, err)
	}
	return found
}

// makeFolder makes a folder that is there until the test ends. T.TempDir would take it away by os.RemoveAll, which Wine 8 lacks
// something for.
func makeFolder(t *testing.T) string {
	t.Helper()
	folder := must(os.MkdirTemp("", "ossup-"))(t)
	t.Cleanup(func() {
		for _, entry := range must(os.ReadDir(folder))(t) {
			succeed(t, os.Remove(filepath.Join(folder, entry.Name())))
		}
		succeed(t, os.Remove(folder))
	})
	return folder
}

// makeFile makes a file of random bytes.
func makeFile(t *testing.T, name string, size int) (path string, bytes []byte) {
	t.Helper()
	path = filepath.Join(makeFolder(t), name)
	bytes = make([]byte, size)
	rand.New(rand.NewSource(int64(size))).Read(bytes)
	succeed(t, os.WriteFile(path, bytes, 0o600))
	return path, bytes
}

func key(number int) string {
	return fmt.Sprintf("key/%d", number)
}
