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
	"sync"
	"testing"
)

const bucketName = "bucket"

// standIn is a server that behaves as OSS does, as a child process.
type standIn struct {
	t        *testing.T
	Endpoint string
	Admin    string
	stop     func()
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
	server := &standIn{t: t, stop: sync.OnceFunc(func() {
		stdin.Close()
		process.Wait()
	})}
	t.Cleanup(server.stop)
	succeed(t, json.NewDecoder(stdout).Decode(server))
	return server
}

// client makes a client with the key that the server knows, or what the config says, until the test ends.
func (s *standIn) client(config Config) *Client {
	s.t.Helper()
	if config.Endpoint == "" {
		config.Endpoint = s.Endpoint
	}
	config.Region = "cn-hangzhou"
	if config.Credentials == nil {
		config.Credentials = Credentials{AccessKeyID: "ak", AccessKeySecret: "sk"}
	}
	client := must(NewClient(config))(s.t)
	s.t.Cleanup(func() { client.Close() })
	return client
}

// hang has parts hang, once so many of them have arrived.
func (s *standIn) hang(skip int) {
	s.t.Helper()
	fault := map[string]any{
		"when": map[string]any{"operation": "UploadPart", "skip": skip},
		"then": map[string]any{"kind": "hang"},
	}
	s.ask("POST", "/-/faults", nil, string(must(json.Marshal(fault))(s.t)))
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

// headers are those of the first request of an operation, names in lower case.
func (s *standIn) headers(operation string) map[string]string {
	s.t.Helper()
	var entries []struct{ Headers [][2]string }
	answer := s.ask("GET", "/-/ledger", url.Values{"operation": {operation}}, "")
	succeed(s.t, json.Unmarshal(answer, &entries))
	headers := map[string]string{}
	for _, header := range entries[0].Headers {
		headers[header[0]] = header[1]
	}
	return headers
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
