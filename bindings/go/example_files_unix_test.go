//go:build unix

package ossup

import (
	"bufio"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// built are the programs of the examples' folder.
type built string

func buildExamples(t *testing.T) built {
	t.Helper()
	folder := makeFolder(t)
	build := exec.Command("go", "build", "-C", examples, "-ldflags=-s -w", "-o", folder, "./...")
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	return built(folder)
}

// command runs a program with the key that the stand-in knows.
func (b built) command(name string, words ...string) *exec.Cmd {
	command := exec.Command(filepath.Join(string(b), name), words...)
	command.Env = append(os.Environ(), "OSS_ACCESS_KEY_ID=ak", "OSS_ACCESS_KEY_SECRET=sk")
	return command
}

func says(t *testing.T, command *exec.Cmd, expected string) {
	t.Helper()
	said, err := command.CombinedOutput()
	if err != nil || !strings.Contains(string(said), expected) {
		t.Fatalf("%v: %s", err, said)
	}
}

// interrupted runs a program and interrupts it once it has said something.
func interrupted(t *testing.T, command *exec.Cmd, when, expected string) {
	t.Helper()
	lines := bufio.NewScanner(must(command.StdoutPipe())(t))
	succeed(t, command.Start())
	var said []string
	for lines.Scan() {
		if lines.Text() == when && !slices.Contains(said, when) {
			succeed(t, command.Process.Signal(syscall.SIGINT))
		}
		said = append(said, lines.Text())
	}
	if err := command.Wait(); err != nil || !strings.HasPrefix(said[len(said)-1], expected) {
		t.Fatalf("%v: %q", err, said)
	}
}

// again is the same command once more.
func again(command *exec.Cmd) *exec.Cmd {
	return &exec.Cmd{Path: command.Path, Args: command.Args, Env: command.Env}
}

func TestTheExamplesDoWhatTheySay(t *testing.T) {
	server := startStandIn(t)
	built := buildExamples(t)
	path, bytes := makeFile(t, "file.bin", 4*partSize)
	to := func(key string) []string {
		return []string{server.Endpoint, "cn-hangzhou", bucketName, key, path}
	}

	says(t, built.command("upload", to("upload")...), "done: \"")
	equal(t, server.object("upload"), bytes)

	server.hang(1)
	progress := built.command("progress", to("progress")...)
	interrupted(t, progress, "102400 of 409600 bytes, UPLOADING", "paused")
	token := filepath.Join(makeFolder(t), "token")
	resume := built.command("resume", append(to("resume"), token)...)
	server.clearFaults()
	server.hang(1)
	interrupted(t, resume, "1 parts", "stopped: ossup: the upload was paused: context canceled")
	server.clearFaults()
	says(t, again(progress), "409600 of 409600 bytes, DONE\ndone\n")
	equal(t, server.object("progress"), bytes)
	says(t, again(resume), "done, 1 parts were there\n")
	equal(t, server.object("resume"), bytes)

	errors := built.command("errors", to("errors")...)
	says(t, errors, "done\n")
	errors = again(errors)
	errors.Args[5] = "/nowhere"
	says(t, errors, "there is no such file\n")
	errors = again(errors)
	errors.Args[5] = path
	errors.Env = append(errors.Env, "OSS_ACCESS_KEY_SECRET=wrong")
	says(t, errors, "look at the access key: ossup: ")

	keys := filepath.Join(makeFolder(t), "keys")
	succeed(t, os.WriteFile(keys, must(json.Marshal(map[string]string{"AccessKeyID": "ak", "AccessKeySecret": "sk"}))(t), 0o600))
	says(t, built.command("credentials", append(to("credentials"), keys)...), "done\n")

	stream := built.command("stream", to("stream")[:4]...)
	stream.Stdin = must(os.Open(path))(t)
	says(t, stream, "done: 409600 bytes\n")
	equal(t, server.object("stream"), bytes)

	folder := filepath.Dir(path)
	says(t, built.command("many", server.Endpoint, "cn-hangzhou", bucketName, folder), "0 failed\n")
	equal(t, server.object("file.bin"), bytes)
}
