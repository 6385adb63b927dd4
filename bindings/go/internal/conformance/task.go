package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"ossup"
)

// task is what the file tells.
type task struct {
	act     string
	file    string
	count   int
	key     ossup.Credentials
	gives   []give
	config  ossup.Config
	request ossup.Request

	asked atomic.Int64 // how often the provider was
}

// give is one answer of a provider.
type give struct {
	credentials ossup.Credentials
	lasts       time.Duration // 0 is for ever
	failure     error
}

func readTask(path string) (*task, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	t := &task{
		config:  ossup.Config{PathStyle: true, Options: map[string]string{}},
		request: ossup.Request{Options: map[string]string{}, UserMetadata: map[string]string{}, Tags: map[string]string{}},
	}
	for _, line := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") {
		name, value, _ := strings.Cut(line, " ")
		if err := t.set(name, value); err != nil {
			return nil, fmt.Errorf("%s: %w", line, err)
		}
	}
	if len(t.gives) > 0 {
		t.config.Credentials = ossup.CredentialsFunc(t.provide)
	} else {
		t.config.Credentials = t.key
	}
	return t, nil
}

func (t *task) set(name, value string) (err error) {
	switch name {
	case "act":
		t.act = value
	case "endpoint":
		t.config.Endpoint = value
	case "region":
		t.config.Region = value
	case "access_key_id":
		t.key.AccessKeyID = value
	case "access_key_secret":
		t.key.AccessKeySecret = value
	case "security_token":
		t.key.SecurityToken = value
	case "bucket":
		t.request.BucketName = value
	case "key":
		t.request.Key = value
	case "file":
		t.file = value
	case "config":
		put(t.config.Options, value)
	case "option":
		put(t.request.Options, value)
	case "metadata":
		put(t.request.UserMetadata, value)
	case "tag":
		put(t.request.Tags, value)
	case "callback":
		url, body, _ := strings.Cut(value, " ")
		t.request.Callback = &ossup.Callback{URL: url, Body: body}
	case "deadline_ms":
		var milliseconds int64
		milliseconds, err = strconv.ParseInt(value, 10, 64)
		t.request.Deadline = time.Duration(milliseconds) * time.Millisecond
	case "resume_token":
		t.request.ResumeToken = value
	case "count":
		t.count, err = strconv.Atoi(value)
	case "give":
		err = t.addGive(strings.Fields(value))
	case "give_failure":
		t.gives = append(t.gives, give{failure: errors.New(value)})
	default:
		err = errors.New("not understood")
	}
	return err
}

// put adds a name and its value.
func put(values map[string]string, pair string) {
	name, value, _ := strings.Cut(pair, " ")
	values[name] = value
}

func (t *task) addGive(words []string) (err error) {
	if len(words) != 4 {
		return errors.New("ID SECRET TOKEN SECONDS are wanted")
	}
	next := give{credentials: ossup.Credentials{AccessKeyID: words[0], AccessKeySecret: words[1]}}
	if words[2] != "-" {
		next.credentials.SecurityToken = words[2]
	}
	if words[3] != "-" {
		next.lasts, err = time.ParseDuration(words[3] + "s")
	}
	t.gives = append(t.gives, next)
	return err
}

// provide gives the n-th answer to the n-th question, and the last one from there on.
func (t *task) provide(context.Context) (ossup.Credentials, error) {
	question := int(t.asked.Add(1))
	next := t.gives[min(question, len(t.gives))-1]
	if next.lasts != 0 {
		next.credentials.Expires = time.Now().Add(next.lasts)
	}
	return next.credentials, next.failure
}

// log counts the lines that a logger gets, and those that hold the secret.
type log struct {
	secret          string
	lines, secretly int
}

func (l *log) Write(line []byte) (int, error) {
	l.lines++
	if strings.Contains(string(line), l.secret) {
		l.secretly++
	}
	return len(line), nil
}

func (l *log) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: ossup.LevelTrace}))
}
