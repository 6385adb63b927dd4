package ossup

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What C has and this package does not call, and why.
var leftOut = map[string]string{
	"ossup_config_set_log":                  "calls from C: a queue has the lines",
	"ossup_config_add_credentials_provider": "calls from C: a queue has the questions",
	"ossup_upload_set_listener":             "calls from C: a queue has the events",
	"ossup_client_upload_file":              "takes a thread for as long as it lasts",
	"ossup_upload_wait":                     "takes a thread for as long as it lasts",
	"ossup_queue_fd":                        "a goroutine waits instead of a poller",
	"ossup_queue_handle":                    "a goroutine waits instead of a poller",
	"ossup_event_upload":                    "uploads are found by their tags",
	"ossup_event_progress":                  "uploads are found by their tags",
	"ossup_upload_is_done":                  "an event tells",
	"ossup_upload_ref":                      "the collector counts",
	"ossup_config_error":                    "ossup_client_new says the same",
	"ossup_request_error":                   "ossup_upload_new says the same",
}

func TestEveryFunctionIsUsedOrLeftOutForAReason(t *testing.T) {
	header := string(must(os.ReadFile("../../include/ossup.h"))(t))
	functions := regexp.MustCompile(`(?m)^[a-z][a-z_0-9 ]*[ *](ossup_\w+)\(`).FindAllStringSubmatch(header, -1)
	equal(t, len(functions) > 150, true)
	ours := ownText(t)
	for _, function := range functions {
		name := function[1]
		_, isLeftOut := leftOut[name]
		if used := isUsed(ours, name); used == isLeftOut {
			t.Errorf("%s: used is %v, left out is %v", name, used, isLeftOut)
		}
	}
}

// isUsed tells whether a function is called, or its parameter is set by its name.
func isUsed(ours, function string) bool {
	if strings.Contains(ours, "C."+function+"(") {
		return true
	}
	_, option, isSetter := strings.Cut(function, "_set_")
	return isSetter && strings.Contains(ours, `"`+option+`"`)
}

// ownText is what this package is made of, tests apart.
func ownText(t *testing.T) string {
	var text strings.Builder
	for _, path := range must(filepath.Glob("*.go"))(t) {
		if !strings.HasSuffix(path, "_test.go") {
			text.Write(must(os.ReadFile(path))(t))
		}
	}
	return text.String()
}
