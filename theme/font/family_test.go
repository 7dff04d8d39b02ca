package font

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"golang.org/x/image/font/sfnt"
)

// open reads a file of data/, of whatever subset.
func open(t *testing.T, file string) (tables, *sfnt.Font) {
	t.Helper()
	content, err := data.ReadFile("data/" + file)
	if err != nil {
		t.Fatal(err)
	}
	unpacked, err := readWOFF2(content)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	parsed, err := sfnt.Parse(unpacked.sfnt())
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return unpacked, parsed
}

func TestFamiliesAreWhatTheirFilesSay(t *testing.T) {
	for _, f := range families {
		main := f.slug + "-" + f.Subsets[0] + ".woff2"
		content, err := data.ReadFile("data/" + main)
		if err != nil {
			t.Fatal(err)
		}
		file, err := Read(content)
		if err != nil {
			t.Errorf("%s %v", f.Name, err)
			continue
		}
		// Of some serif fonts the file does not say that they are.
		if file.Metrics != f.Metrics || file.Serif && !f.Serif {
			t.Errorf("%s: its file says %+v, serif %v", f.Name, file.Metrics, file.Serif)
		}
		if variable := file.Weights == [2]int{400, 700}; variable == f.cuts {
			t.Errorf("%s: its file has the weights %v", f.Name, file.Weights)
		}
		if _, err := data.ReadFile("data/" + f.slug + ".LICENSE.txt"); err == nil {
			t.Errorf("%s: licences need not be in the program", f.Name)
		}
	}
}

func TestFilesHaveTheCharactersOfTheirRange(t *testing.T) {
	// What a family lacks of a range is set in the fallback.
	lack := map[string]int{
		"lato-latin": 2, "lora-latin": 1, "lato-latin-ext": 150, "roboto-latin-ext": 20, "open-sans-latin-ext": 19, "work-sans-latin-ext": 17,
		"nunito-sans-latin-ext": 14, "source-serif-4-latin-ext": 14, "lora-latin-ext": 19, "ibm-plex-sans-latin-ext": 4, "inter-latin-ext": 1,
		"merriweather-latin-ext": 1,
	}
	for _, f := range families {
		for _, s := range subsets {
			name := f.slug + "-" + s.name
			if _, err := data.ReadFile("data/" + name + ".woff2"); err != nil {
				continue
			}
			_, parsed := open(t, name+".woff2")
			missing := 0
			var buffer sfnt.Buffer
			s.each(func(r rune) {
				if glyph, err := parsed.GlyphIndex(&buffer, r); err != nil || glyph == 0 {
					missing++
				}
			})
			if missing > lack[name] {
				t.Errorf("%s lacks %d characters of its range", name, missing)
			}
		}
	}
}

func TestNoFileBearsAReservedName(t *testing.T) {
	entries, err := data.ReadDir("data")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		_, parsed := open(t, entry.Name())
		for _, id := range []sfnt.NameID{sfnt.NameIDFamily, sfnt.NameIDFull, sfnt.NameIDPostScript, sfnt.NameIDTypographicFamily} {
			text, err := parsed.Name(nil, id)
			if err == nil && !strings.HasPrefix(text, "Complero") {
				t.Errorf("%s calls itself %q", entry.Name(), text)
			}
		}
	}
}

func TestStoredFilesAreFoundByTheirHash(t *testing.T) {
	for _, f := range families {
		for _, headings := range []bool{false, true} {
			faces := f.Faces(headings)
			if len(faces) < len(f.Subsets) {
				t.Errorf("%s has %d faces for %d subsets", f.Name, len(faces), len(f.Subsets))
			}
			for _, face := range faces {
				sum := sha256.Sum256(Stored(face.Hash))
				if hex.EncodeToString(sum[:]) != face.Hash || face.Bytes != len(Stored(face.Hash)) {
					t.Errorf("%s: %s is another file", f.Name, face.Subset)
				}
			}
		}
	}
	for _, wrong := range []string{"", "inter-latin.woff2", strings.Repeat("0", 64)} {
		if Stored(wrong) != nil {
			t.Errorf("%q is stored", wrong)
		}
	}
}

func TestFindIgnoresCase(t *testing.T) {
	if f, found := Find("sOURCE serif 4"); !found || f.Name != "Source Serif 4" {
		t.Error(f, found)
	}
	if _, found := Find("Georgia"); found {
		t.Error("a font of the system has files here")
	}
}

func TestTheFallbackTakesTheSameRoom(t *testing.T) {
	css := CSS("Brand Body", "/assets/", nil, Metrics{Ascent: 1, Descent: 0.25, LineGap: 0.1, Width: 2 * sansWidth}, false)
	want := `@font-face{font-family:"Brand Body Fallback";src:local("Arial"),local("Helvetica"),local("Liberation Sans"),local("Arimo");` +
		"size-adjust:200.00%;ascent-override:50.00%;descent-override:12.50%;line-gap-override:5.00%}\n"
	if css != want {
		t.Error(css)
	}
}
