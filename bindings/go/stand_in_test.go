package ossup

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

const bucketName = "bucket"

// standIn is a server that behaves as OSS does, as a child process.
type standIn struct {
	t        *testing.T
	Endpoint string
	Admin    string
}

// startStandIn runs a server until the test ends. It knows the access key "ak" with the secret "sk", unless told others.
func startStandIn(t *testing.T, flags ...string) *standIn {
	t.Helper()
	flags = append([]string{"--bucket", bucketName, "--until-stdin-closes"}, flags...)
	process := exec.Command(os.Getenv("OSS_SERVER"), flags...)
	process.Stderr = os.Stderr
	stdin := must(process.StdinPipe())(t)
	stdout := must(process.StdoutPipe())(t)
	succeed(t, process.Start())
	t.Cleanup(func() {
		stdin.Close()
		process.Wait()
	})
	server := &standIn{t: t}
	succeed(t, json.NewDecoder(stdout).Decode(server))
	return server
}

// client makes a client with the key that the server knows, or what the config says, until the test ends.
func (s *standIn) client(config Config) *Client {
	s.t.Helper()
	config.Endpoint = s.Endpoint
	config.Region = "cn-hangzhou"
	if config.Credentials == nil {
		config.Credentials = Credentials{AccessKeyID: "ak", AccessKeySecret: "sk"}
	}
	client := must(NewClient(config))(s.t)
	s.t.Cleanup(func() { client.Close() })
	return client
}

// fault has requests of an operation go wrong, or slowly.
func (s *standIn) fault(operation string, then map[string]any) {
	s.t.Helper()
	fault := map[string]any{"when": map[string]any{"operation": operation}, "then": then}
	s.ask("POST", "/-/faults", nil, string(must(json.Marshal(fault))(s.t)))
}

// slow has parts arrive so slowly that there is time to stop them.
func (s *standIn) slow() {
	s.t.Helper()
	s.fault("UploadPart", map[string]any{"kind": "throttle", "bytes_per_s": 1 << 20})
}

func (s *standIn) clearFaults() {
	s.ask("DELETE", "/-/faults", nil, "")
}

// count is how many requests of an operation were answered.
func (s *standIn) count(operation string) int {
	s.t.Helper()
	query := url.Values{"operation": {operation}, "answered": {"true"}}
	return must(strconv.Atoi(string(s.ask("GET", "/-/count", query, ""))))(s.t)
}

func (s *standIn) object(key string) []byte {
	s.t.Helper()
	return s.ask("GET", "/-/object", url.Values{"bucket": {bucketName}, "key": {key}}, "")
}

func (s *standIn) uploads() string {
	s.t.Helper()
	return string(s.ask("GET", "/-/uploads", nil, ""))
}

func (s *standIn) ask(method, path string, query url.Values, body string) []byte {
	s.t.Helper()
	request := must(http.NewRequest(method, s.Admin+path+"?"+query.Encode(), strings.NewReader(body)))(s.t)
	answer := must(http.DefaultClient.Do(request))(s.t)
	defer answer.Body.Close()
	text := must(io.ReadAll(answer.Body))(s.t)
	if answer.StatusCode != http.StatusOK {
		s.t.Fatalf("%s %s: %s", method, path, text)
	}
	return text
}
