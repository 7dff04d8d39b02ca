package report

import (
	"embed"
	"strings"
	"sync"

	"complero/frontend/locales"
)

// A Document is a report to be shown.
type Document struct {
	*locales.Voice
	Title string
	// Period says of what days it tells, Compared with which others these are
	// compared; "" for none.
	Period, Compared string
	// Note says as of when the figures are.
	Note     string
	Sections []*Section
	// Empty tells that there is nothing to tell of yet.
	Empty bool
}

// A Section is a table, perhaps with a chart of it.
type Section struct {
	// Key names the section in files and addresses.
	Key, Title, Note string
	// Columns are the headings; the first is that of the rows' names.
	Columns []string
	Rows    []Row
	// Chart is what there is to draw; nil for nothing.
	Chart *Chart
}

// A Row is a name with its values.
type Row struct {
	// Key is the name in files, Label that to people.
	Key, Label string
	Cells      []Cell
}

// A Cell is a value as people read it, and as programs do.
type Cell struct{ Text, Raw string }

// ChartKind is how a Chart is drawn.
type ChartKind int

// Bars stand beside one another in time or kind, their parts on one another;
// Lines go from one to the next; Across bars lie, each with its name, and are
// filled by their share.
const (
	Bars ChartKind = iota
	Lines
	Across
)

// A Chart is what is drawn of a Section.
type Chart struct {
	Kind ChartKind
	// Description says in words what is drawn.
	Description string
	// Parts are what each of a bar's values is.
	Parts  []string
	Points []Point
}

// A Point is a bar, or where lines go through.
type Point struct {
	Label  string
	Values []float64
}

// Top is the greatest sum of a point's values, or value where lines are drawn,
// and at least 1.
func (c *Chart) Top() float64 {
	top := 1.0
	for _, p := range c.Points {
		sum := 0.0
		for _, v := range p.Values {
			if c.Kind == Lines {
				top = max(top, v)
			} else {
				sum += v
			}
		}
		top = max(top, sum)
	}
	return top
}

//go:embed texts/*.json
var texts embed.FS

// voices are the languages of reports. A broken text file is a mistake of ours
// that no test lets through, so it ends the program.
var voices = sync.OnceValue(func() map[string]*locales.Voice {
	all := map[string]*locales.Voice{}
	for _, tag := range []string{"en", "de"} {
		voice, err := locales.Read(texts, tag, "texts/"+tag+".json")
		if err != nil {
			panic(err)
		}
		all[tag] = voice
	}
	return all
})

// VoiceFor is that of the first wanted language which is spoken here, else English.
func VoiceFor(wanted ...string) *locales.Voice {
	for _, tag := range wanted {
		base, _, _ := strings.Cut(tag, "-")
		if voice := voices()[strings.ToLower(base)]; voice != nil {
			return voice
		}
	}
	return voices()["en"]
}
