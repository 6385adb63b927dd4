package ossup

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const examples = "../../examples/go"

// Indentation apart, the page shows what is run.
func TestThePageQuotesTheExamples(t *testing.T) {
	var files strings.Builder
	for _, path := range must(filepath.Glob(examples + "/*/main.go"))(t) {
		files.WriteString(flat(string(must(os.ReadFile(path))(t))))
	}
	page := string(must(os.ReadFile("README.md"))(t))
	quotes := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(page, -1)
	equal(t, len(quotes) > 5, true)
	for _, quote := range quotes {
		if !strings.Contains(files.String(), flat(quote[1])) {
			t.Errorf("no example has this:\n%s", quote[1])
		}
	}
	for _, link := range regexp.MustCompile(`\]\((\.\./[^)#]+)`).FindAllStringSubmatch(page, -1) {
		must(os.Stat(link[1]))(t)
	}
	for _, name := range must(os.ReadDir(examples))(t) {
		if name.IsDir() && !strings.Contains(page, "examples/go/"+name.Name()) {
			t.Errorf("the page does not name %s", name.Name())
		}
	}
}

func flat(text string) string {
	lines := slices.Collect(strings.Lines(text))
	for place, line := range lines {
		lines[place] = strings.TrimLeft(line, "\t")
	}
	return strings.Join(lines, "")
}
