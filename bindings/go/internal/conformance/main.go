// The driver of the conformance suite: does what a file tells by means of this module, and says what came of it.
package main

import (
	"fmt"
	"os"
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
	if err := act(task); err != nil {
		fail(err)
	}
}

func fail(what any) {
	fmt.Fprintln(os.Stderr, what)
	os.Exit(2)
}
