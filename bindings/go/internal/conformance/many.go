package main

import (
	"fmt"
	"sync"

	"ossup"
)

func twice(t *task, client *ossup.Client) {
	all(t, client, 2, func(int) string { return t.request.Key })
}

func together(t *task, client *ossup.Client) {
	all(t, client, t.count, func(number int) string { return fmt.Sprintf("%s-%d", t.request.Key, number) })
}

// all starts so many uploads and reports each when it ends.
func all(t *task, client *ossup.Client, count int, key func(number int) string) {
	var reports sync.Mutex
	var running sync.WaitGroup
	report := func(result *ossup.Result, err error) {
		reports.Lock()
		defer reports.Unlock()
		reportEnd(result, err)
	}
	for number := range count {
		request := t.request
		request.Key = key(number)
		upload, err := client.Start(background, request)
		if err != nil {
			report(nil, err)
			continue
		}
		running.Add(1)
		go func() {
			defer running.Done()
			defer upload.Close()
			report(upload.Wait(background))
		}()
	}
	running.Wait()
}
