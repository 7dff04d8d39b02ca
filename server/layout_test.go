package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// This file holds the house to its plan: theme ← db ← graph | frontend ← server.

// mayImport lists, for each folder at the top, those at its left.
var mayImport = map[string][]string{
	"theme":    {},
	"db":       {"theme"},
	"graph":    {"theme", "db"},
	"frontend": {"theme", "db"},
	"server":   {"theme", "db", "graph", "frontend"},
}

// leaves are pure rules that import nothing of ours.
var leaves = []string{"db/profile", "db/ledger", "db/freshness", "db/verification"}

// forTests may be imported by tests, and by one another, only.
var forTests = []string{"db/dbtest", "server/browsertest"}

// vague names say nothing about what lives under them.
var vague = []string{"util", "utils", "common", "helper", "helpers", "manager", "managers", "service", "services", "misc"}

var generatedMark = regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.$`)

// forbidden says why the package from may not import the package to, or nothing
// where it may. Both are folders within the module. inTest is true for imports
// of test files.
func forbidden(from, to string, inTest bool) string {
	fromTop, _, _ := strings.Cut(from, "/")
	toTop, _, _ := strings.Cut(to, "/")
	switch {
	case from == to: // an external test of its own package
		return ""
	case slices.Contains(forTests, to) && !slices.Contains(leaves, from) && fromTop != "theme":
		if inTest || slices.Contains(forTests, from) {
			return ""
		}
		return "only tests may import it"
	case slices.Contains(leaves, from):
		return "a package of pure rules imports nothing of ours"
	case fromTop == toTop, slices.Contains(mayImport[fromTop], toTop):
		return ""
	default:
		return "a folder imports only to its left: theme ← db ← graph | frontend ← server"
	}
}

func TestForbiddenKnowsTheArrows(t *testing.T) {
	tests := []struct {
		from, to string
		inTest   bool
		want     bool
	}{
		{"server", "graph", false, false},
		{"server", "server/intake", false, false},
		{"graph", "db", false, false},
		{"graph", "db/profile", false, false},
		{"frontend/webapp", "theme", false, false},
		{"frontend/webapp", "frontend", false, false},
		{"graph", "frontend", false, true},
		{"frontend/dashboard", "graph", true, true},
		{"frontend", "server", true, true},
		{"db", "graph", false, true},
		{"db", "db/profile", false, false},
		{"theme", "db", true, true},
		{"db/profile", "theme", false, true},
		{"db/profile", "db", true, true},
		{"db/profile", "db/profile", true, false},
		{"db/profile", "db/dbtest", true, true},
		{"theme", "db/dbtest", true, true},
		{"db", "db/dbtest", true, false},
		{"db", "db/dbtest", false, true},
		{"server", "db/dbtest", false, true},
		{"frontend/webapp", "server/browsertest", true, false},
		{"server/browsertest", "db/dbtest", false, false},
		{"db/dbtest", "db", false, false},
	}
	for _, test := range tests {
		if why := forbidden(test.from, test.to, test.inTest); (why != "") != test.want {
			t.Errorf("forbidden(%s, %s, %t) = %q, want a reason: %t", test.from, test.to, test.inTest, why, test.want)
		}
	}
}

func TestImportsPointLeft(t *testing.T) {
	for _, p := range listPackages(t) {
		check := func(imports []string, inTest bool) {
			for _, path := range imports {
				to, ours := strings.CutPrefix(path, "complero/")
				if !ours {
					continue
				}
				if why := forbidden(p.folder(), to, inTest); why != "" {
					t.Errorf("%s imports %s: %s", p.folder(), to, why)
				}
			}
		}
		check(p.Imports, false)
		check(p.TestImports, true)
		check(p.XTestImports, true)
	}
}

func TestTopHoldsOnlyTheHousesFolders(t *testing.T) {
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		name := entry.Name()
		if !entry.IsDir() || strings.HasPrefix(name, ".") || name == "data" { // data: what a server that ran here keeps
			continue
		}
		if _, ok := mayImport[name]; !ok {
			t.Errorf("folder %s: the top holds theme, db, graph, frontend and server only", name)
		}
	}
}

func TestEveryFolderSaysWhatLivesThere(t *testing.T) {
	written := map[string]bool{} // folders with code that a person wrote
	documented := map[string]bool{}
	walkSources(t, func(file string) {
		dir := path.Dir(file)
		switch {
		case path.Base(file) == "doc.go":
			documented[dir] = true
		case path.Ext(file) == ".templ", path.Ext(file) == ".go" && !generated(t, file):
			written[dir] = true
		}
	})
	for dir := range written {
		if !documented[dir] {
			t.Errorf("%s has no doc.go that says what lives there and what does not", dir)
		}
	}
}

func TestNamesSayWhat(t *testing.T) {
	walkSources(t, func(file string) {
		for _, word := range strings.FieldsFunc(file, func(r rune) bool { return strings.ContainsRune("/._-", r) }) {
			if slices.Contains(vague, word) {
				t.Errorf("%s: %q says nothing; name it after what it is about", file, word)
			}
		}
	})
}

type goPackage struct {
	ImportPath   string
	Imports      []string
	TestImports  []string
	XTestImports []string
}

// folder is where the package stands within the module.
func (p goPackage) folder() string { return strings.TrimPrefix(p.ImportPath, "complero/") }

func listPackages(t *testing.T) []goPackage {
	t.Helper()
	list := exec.Command("go", "list", "-json=ImportPath,Imports,TestImports,XTestImports", "./...")
	list.Dir = ".."
	out, err := list.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			err = fmt.Errorf("%w: %s", err, exit.Stderr)
		}
		t.Fatalf("go list: %v", err)
	}
	var packages []goPackage
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatalf("go list: %v", err)
		}
		packages = append(packages, p)
	}
}

// walkSources visits the Go, templ and GraphQL files of the house outside
// testdata, each named from the module's root with slashes.
func walkSources(t *testing.T, visit func(file string)) {
	t.Helper()
	for top := range mayImport {
		err := fs.WalkDir(os.DirFS(".."), top, func(file string, entry fs.DirEntry, err error) error {
			switch {
			case errors.Is(err, fs.ErrNotExist) && file == top:
				return fs.SkipDir
			case err != nil:
				return err
			case entry.IsDir() && entry.Name() == "testdata":
				return fs.SkipDir
			case !entry.IsDir() && slices.Contains([]string{".go", ".templ", ".graphql", ".graphqls"}, path.Ext(file)):
				visit(file)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func generated(t *testing.T, file string) bool {
	t.Helper()
	code, err := os.ReadFile(filepath.Join("..", filepath.FromSlash(file)))
	if err != nil {
		t.Fatal(err)
	}
	return generatedMark.Match(code)
}
