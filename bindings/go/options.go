package ossup

// #include <ossup.h>
import "C"

import (
	"maps"
	"slices"
	"strconv"
	"time"
)

// Auto as a TaskNum or a PartSize leaves the number to the library.
const Auto = -1

// Unlimited as MaxUploads is no bound.
const Unlimited = -1

// options sets parameters by their names in C. As text, a number that C cannot have is refused for what it is. What is
// zero is left at its default, and what is refused is kept by C, for the call that uses the parameters.
type options struct {
	texts
	set func(name, value *C.char) C.ossup_status
}

func (o *options) text(name, value string) {
	if value != "" {
		o.set(o.c("an option's name", name), o.c(name, value))
	}
}

func (o *options) flag(name string, value bool) {
	if value {
		o.text(name, "true")
	}
}

func (o *options) number(name string, value int64) {
	if value != 0 {
		o.text(name, strconv.FormatInt(value, 10))
	}
}

// orZero is number for what has a zero of its own, which is spelled as -1 here.
func (o *options) orZero(name string, value int64) {
	if value == -1 {
		o.text(name, "0")
	} else {
		o.number(name, value)
	}
}

func (o *options) milliseconds(name string, value time.Duration) {
	o.number(name, wholeMilliseconds(value))
}

// wholeMilliseconds rounds away from zero, as zero has a meaning of its own.
func wholeMilliseconds(value time.Duration) int64 {
	whole := value.Milliseconds()
	switch rest := value % time.Millisecond; {
	case rest > 0:
		whole++
	case rest < 0:
		whole--
	}
	return whole
}

// named sets what the caller gives by name, empty text included.
func (o *options) named(values map[string]string) {
	for _, name := range names(values) {
		o.set(o.c("an option's name", name), o.c(name, values[name]))
	}
}

// names are a map's keys, in an order that is the same each time: the same request has to look the same.
func names(values map[string]string) []string {
	return slices.Sorted(maps.Keys(values))
}
