package ossup

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"strings"
	"testing"
)

func TestEveryExportedNameIsExplained(t *testing.T) {
	fileSet := token.NewFileSet()
	var files []*ast.File
	for name, file := range must(parser.ParseDir(fileSet, ".", nil, parser.ParseComments))(t)["ossup"].Files {
		if !strings.HasSuffix(name, "_test.go") {
			files = append(files, file)
		}
	}
	pages := must(doc.NewFromFiles(fileSet, files, "ossup"))(t)
	equal(t, pages.Doc != "", true)
	explained := func(name, text string) {
		if text == "" {
			t.Errorf("%s has no comment", name)
		}
	}
	functions := pages.Funcs
	for _, kind := range pages.Types {
		explained(kind.Name, kind.Doc)
		functions = append(functions, append(kind.Funcs, kind.Methods...)...)
	}
	for _, function := range functions {
		// What the interface error asks for needs no words.
		if function.Name != "Error" && function.Name != "Unwrap" {
			explained(function.Name, function.Doc)
		}
	}
	equal(t, len(functions) > 30, true)
}
