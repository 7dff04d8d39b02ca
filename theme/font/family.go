package font

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"slices"
	"strings"
	"sync"
)

//go:embed data/*.woff2
var data embed.FS

// A Family is an open typeface whose files stand in this package.
type Family struct {
	Name    string
	Serif   bool
	Metrics Metrics
	// Subsets are those that it has, the main one first.
	Subsets []string

	slug string
	cuts bool // weights are files of their own; else one file has them all
}

// families are described by their own files, as a test makes sure.
var families = []Family{
	{"Inter", false, Metrics{Ascent: 0.9688, Descent: 0.2412, Width: 0.479}, european, "inter", false},
	{"Source Sans 3", false, Metrics{Ascent: 1.024, Descent: 0.4, Width: 0.4208}, european, "source-sans-3", false},
	{"Roboto", false, Metrics{Ascent: 0.9277, Descent: 0.2441, Width: 0.4474}, european, "roboto", false},
	{"Open Sans", false, Metrics{Ascent: 1.0688, Descent: 0.293, Width: 0.4721}, european, "open-sans", false},
	{"Lato", false, Metrics{Ascent: 0.987, Descent: 0.213, Width: 0.4354}, latinOnly, "lato", true},
	{"Noto Sans", false, Metrics{Ascent: 1.069, Descent: 0.293, Width: 0.4772}, european, "noto-sans", false},
	{"Work Sans", false, Metrics{Ascent: 0.93, Descent: 0.243, Width: 0.504}, latinOnly, "work-sans", false},
	{"Nunito Sans", false, Metrics{Ascent: 1.011, Descent: 0.353, Width: 0.4529}, cyrillicToo, "nunito-sans", false},
	{"IBM Plex Sans", false, Metrics{Ascent: 1.025, Descent: 0.275, Width: 0.4521}, european, "ibm-plex-sans", false},
	{"Noto Sans Arabic", false, Metrics{Ascent: 1.374, Descent: 0.738}, []string{Arabic}, "noto-sans-arabic", false},
	{"Source Serif 4", true, Metrics{Ascent: 1.036, Descent: 0.335, Width: 0.4823}, european, "source-serif-4", false},
	{"Lora", true, Metrics{Ascent: 1.006, Descent: 0.274, Width: 0.4713}, cyrillicToo, "lora", false},
	{"Merriweather", true, Metrics{Ascent: 0.984, Descent: 0.273, Width: 0.4867}, cyrillicToo, "merriweather", false},
	{"Noto Serif", true, Metrics{Ascent: 1.069, Descent: 0.293, Width: 0.4849}, european, "noto-serif", false},
}

var (
	latinOnly   = []string{Latin, "latin-ext"}
	cyrillicToo = []string{Latin, "latin-ext", "cyrillic"}
	european    = []string{Latin, "latin-ext", "greek", "cyrillic"}
)

// Find returns the family of that name, whatever its case.
func Find(name string) (Family, bool) {
	i := slices.IndexFunc(families, func(f Family) bool { return strings.EqualFold(f.Name, name) })
	if i < 0 {
		return Family{}, false
	}
	return families[i], true
}

// A stored file is one of data/, named by its content.
type stored struct {
	hash string
	data []byte
}

// shelf are the files of data/ by name and by hash.
var shelf = sync.OnceValue(func() map[string]stored {
	files := map[string]stored{}
	entries, _ := data.ReadDir("data") // embedded: it is there
	for _, entry := range entries {
		content, _ := data.ReadFile("data/" + entry.Name())
		sum := sha256.Sum256(content)
		s := stored{hex.EncodeToString(sum[:]), content}
		files[entry.Name()], files[s.hash] = s, s
	}
	return files
})

// Stored returns the WOFF2 file of this package that has the hash; nil if none
// has.
func Stored(hash string) []byte {
	if len(hash) != sha256.Size*2 {
		return nil
	}
	return shelf()[hash].data
}

// Faces are the files that set running text, or, for a family that sets
// headings only, those for bold, which are smaller for Latin. All faces of one
// weight say the same range: browsers put together those that do.
func (f Family) Faces(headings bool) []Face {
	var faces []Face
	add := func(subset, cut string, lightest, boldest int) {
		if file, found := shelf()[f.slug+"-"+subset+cut+".woff2"]; found {
			faces = append(faces, Face{Hash: file.hash, Bytes: len(file.data), Subset: subset, Weights: [2]int{lightest, boldest}})
		}
	}
	for _, s := range f.Subsets {
		switch {
		case f.cuts && headings:
			add(s, "-bold", 600, 700)
		case f.cuts:
			add(s, "", 400, 500)
			add(s, "-bold", 600, 700)
		case headings && s == Latin:
			add(s, "-bold", 600, 700)
		case headings:
			add(s, "", 600, 700)
		default:
			add(s, "", 400, 700)
		}
	}
	return faces
}
