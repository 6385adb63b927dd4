// The driver of the conformance suite: does what a file tells by means of this module, and says what came of it.
package main

import (
	"context"
	"fmt"
	"os"
	"runtime"

	"ossup"
)

func main() {
	if len(os.Args) != 2 {
		fail("usage: conformance FILE")
	}
	task, err := readTask(os.Args[1])
	if err != nil {
		fail(err)
	}
	act, is := acts[task.act]
	if !is {
		fail(fmt.Errorf("there is no act %q", task.act))
	}
	if err := run(task, act); err != nil {
		fail(err)
	}
	if runtime.GOOS == "windows" {
		// Wine 8 may hang when a process ends while threads of it wait for sockets.
		if err := ossup.Shutdown(context.Background()); err != nil {
			fail(err)
		}
	}
}

// run has an act done with a client, which is closed then. An error is none of the library's.
func run(t *task, act func(*task, *ossup.Client) error) error {
	log := &log{secret: t.key.AccessKeySecret}
	if t.act == "log" {
		t.config.Logger = log.logger()
	}
	client, err := ossup.NewClient(t.config)
	if err != nil {
		reportEnd(nil, err)
		return nil
	}
	if err := act(t, client); err != nil {
		return err
	}
	if err := client.Close(); err != nil {
		return err
	}
	if len(t.gives) > 0 {
		say("questions", t.asked.Load())
	}
	if t.act == "log" {
		say("log_lines", log.lines)
		say("log_secret", log.secretly)
	}
	return nil
}

func fail(what any) {
	fmt.Fprintln(os.Stderr, what)
	os.Exit(2)
}
