package clients

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"
)

const bucketName = "bucket"

// standIn is the stand-in as a child process, and its admin port.
type standIn struct {
	t     *testing.T
	admin http.Client
	ready
}

// ready is the line in which the stand-in tells where it listens.
type ready struct {
	Endpoint      string `json:"endpoint"`
	HTTPSEndpoint string `json:"https_endpoint"`
	Admin         string `json:"admin"`
}

// entry is one request in the stand-in's ledger.
type entry struct {
	Operation  string      `json:"operation"`
	PartNumber int32       `json:"part_number"`
	Headers    [][2]string `json:"headers"`
}

func (e entry) header(name string) string {
	for _, pair := range e.Headers {
		if pair[0] == name {
			return pair[1]
		}
	}
	return ""
}

// startStandIn runs a server with one bucket until the test ends.
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
	site := &standIn{t: t, admin: http.Client{Timeout: 20 * time.Second}}
	succeed(t, json.NewDecoder(stdout).Decode(&site.ready))
	return site
}

func (s *standIn) port() string {
	return must(url.Parse(s.Endpoint))(s.t).Port()
}

// ledger has the requests of one operation that were taken and answered; of any, without a name.
func (s *standIn) ledger(operation string) []entry {
	query := url.Values{"status": {"200"}, "answered": {"true"}}
	if operation != "" {
		query.Set("operation", operation)
	}
	var entries []entry
	succeed(s.t, json.Unmarshal(s.ask("GET", "/-/ledger", query, nil), &entries))
	return entries
}

// count is the number of requests that were answered with a status.
func (s *standIn) count(status string) int {
	text := s.ask("GET", "/-/count", url.Values{"status": {status}}, nil)
	return must(strconv.Atoi(string(text)))(s.t)
}

func (s *standIn) clearLedger() {
	s.ask("DELETE", "/-/ledger", nil, nil)
}

// sentParts are the numbers of all parts that were taken and answered, in the order of their coming.
func (s *standIn) sentParts() []int32 {
	var numbers []int32
	for _, entry := range s.ledger("UploadPart") {
		numbers = append(numbers, entry.PartNumber)
	}
	return numbers
}

// uploads are the part numbers of each incomplete upload.
func (s *standIn) uploads() [][]int32 {
	var uploads []struct {
		Parts []struct{ Number int32 }
	}
	succeed(s.t, json.Unmarshal(s.ask("GET", "/-/uploads", nil, nil), &uploads))
	numbers := [][]int32{}
	for _, upload := range uploads {
		var own []int32
		for _, part := range upload.Parts {
			own = append(own, part.Number)
		}
		numbers = append(numbers, own)
	}
	return numbers
}

func (s *standIn) object(key string) []byte {
	return s.ask("GET", "/-/object", url.Values{"bucket": {bucketName}, "key": {key}}, nil)
}

// fault puts a fault in force: when it fires, and what it then does.
func (s *standIn) fault(when, then map[string]any) {
	fault := map[string]any{"when": when, "then": then}
	s.ask("POST", "/-/faults", nil, must(json.Marshal(fault))(s.t))
}

func (s *standIn) clearFaults() {
	s.ask("DELETE", "/-/faults", nil, nil)
}

func (s *standIn) ask(method, path string, query url.Values, body []byte) []byte {
	s.t.Helper()
	request := must(http.NewRequest(method, s.Admin+path+"?"+query.Encode(), bytes.NewReader(body)))(s.t)
	answer := must(s.admin.Do(request))(s.t)
	defer answer.Body.Close()
	text := must(io.ReadAll(answer.Body))(s.t)
	if answer.StatusCode != http.StatusOK {
		s.t.Fatalf("%s %s: %s", method, path, text)
	}
	return text
}
