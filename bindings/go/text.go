package ossup

// #include <ossup.h>
import "C"

import (
	"strings"
	"unsafe"
)

// texts gives Go's text to C, and keeps the first of it that C would not see to its end.
type texts struct {
	refused error
}

// c is the text for one call, which must have copied it when it returns.
func (t *texts) c(name, text string) *C.char {
	t.see(name, text)
	bytes := append([]byte(text), 0)
	return (*C.char)(unsafe.Pointer(&bytes[0]))
}

func (t *texts) see(name, text string) {
	if strings.Contains(text, "\x00") && t.refused == nil {
		t.refused = invalid(name + " has a NUL in it")
	}
}

// optional is c, but NULL for what is empty.
func (t *texts) optional(name, text string) *C.char {
	if text == "" {
		return nil
	}
	return t.c(name, text)
}

// optionalPath is path, but NULL for what is empty.
func (t *texts) optionalPath(name, path string) nativePath {
	if path == "" {
		return nil
	}
	return t.path(name, path)
}
