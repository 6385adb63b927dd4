package ossup

import (
	"fmt"
	"runtime/debug"
)

// PanicError is a panic of a function of the caller's, or a call of runtime.Goexit in it, as by t.FailNow.
type PanicError struct {
	Function string // such as "Progress"
	Value    any    // what was given to panic
	Stack    []byte // where it was
}

func (e *PanicError) Error() string {
	return fmt.Sprintf("%s panicked: %v", e.Function, e.Value)
}

// Unwrap is the panic's value, if it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// guard calls a function of the caller's and returns its panic. Not even that returns where it calls runtime.Goexit.
func guard(function string, call func()) (panicked *PanicError) {
	defer func() {
		if value := recover(); value != nil {
			panicked = &PanicError{Function: function, Value: value, Stack: debug.Stack()}
		}
	}()
	call()
	return nil
}

// gone is for a function that called runtime.Goexit.
func gone(function string) *PanicError {
	return &PanicError{Function: function, Value: "runtime.Goexit was called", Stack: debug.Stack()}
}
