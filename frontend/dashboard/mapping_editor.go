package dashboard

import (
	"strconv"
	"strings"

	"complero/db"
	"complero/frontend/dashboard/query"
)

// A mappingEditor says of each column what it means.
type mappingEditor struct {
	Columns []columnRow
	// Keys are the columns that can stand for the number; Key is the chosen one.
	Keys []pick
	Key  string
	// Empty is what an empty cell says.
	Empty string
	// Complete is what was said of a file that is all there is.
	Complete string
	// Kept tells that the file need not be chosen again.
	Kept bool
	// Named tells that a mapping can be kept here.
	Named bool
}

// A columnRow is one column of a file.
type columnRow struct {
	Name, Title, Sure, Chosen string
	Doubtful                  bool
	Samples                   []string
	// Own are the Company's own fields and what else the column is.
	Own []pick
}

// editor is the form in which a mapping is changed.
func (d *desk) editor(m *mapping, o *query.OperationDetail, own []query.OwnField) *mappingEditor {
	e := &mappingEditor{
		Complete: completionOf(o.Import.Complete), Kept: o.Import.Kept, Named: d.tenant.Mode == db.Live && len(m.Columns) > 0,
		Keys: []pick{{Label: d.voice.Say("mapping.key.own")}}, Empty: "NONE",
	}
	if raw := m.rest["emptyCells"]; string(raw) == `"ABSENT"` {
		e.Empty = "ABSENT"
	}
	places := columnPlaces(m, o.Import.Columns)
	for i, c := range m.Columns {
		row := columnRow{Name: fieldName(i), Title: c.Title, Chosen: c.Field, Own: d.ownPicks(c, own)}
		if row.Title == "" {
			row.Title = d.voice.Say("mapping.untitled", "N", strconv.Itoa(places[i]+1))
		}
		if c.Field != "" && c.Confidence > 0 {
			row.Sure, row.Doubtful = d.share(&c.Confidence), c.Confidence < .7
		}
		for _, s := range o.Import.Sample {
			if at := places[i]; at < len(s.Cells) && s.Cells[at] != "" && len(row.Samples) < 3 {
				row.Samples = append(row.Samples, s.Cells[at])
			}
		}
		e.Columns = append(e.Columns, row)
		if c.Title != "" {
			e.Keys = append(e.Keys, pick{Value: c.Title, Label: c.Title})
			if m.Key != "" && (m.Key == c.Field || m.Key == c.Title) {
				e.Key = c.Title
			}
		}
	}
	return e
}

// columnPlaces finds the file's column, from 0, that each of a mapping's is:
// those of one heading in their order.
func columnPlaces(m *mapping, titles []string) []int {
	places := make([]int, len(m.Columns))
	taken := map[int]bool{}
	for i, c := range m.Columns {
		places[i] = i
		if c.Position > 0 {
			places[i] = c.Position - 1
			taken[c.Position-1] = true
			continue
		}
		for at, title := range titles {
			if title == c.Title && !taken[at] {
				places[i], taken[at] = at, true
				break
			}
		}
	}
	return places
}

// ownPicks are the fields of the Company's own that a column can be, and
// whatever it is now.
func (d *desk) ownPicks(c mapped, own []query.OwnField) []pick {
	var picks []pick
	there := c.Field == "" || isMeaning(c.Field)
	for _, f := range own {
		field := "customFields." + f.Key
		label := f.Key
		for _, l := range f.Labels {
			label = l.Label
			if strings.HasPrefix(l.Locale, d.voice.Tag) {
				break
			}
		}
		picks = append(picks, pick{Value: field, Label: label})
		there = there || field == c.Field
	}
	if !there {
		label := c.Field
		if key, found := strings.CutPrefix(c.Field, "customFields."); found {
			label = d.voice.Say("mapping.own", "Key", key)
		}
		picks = append(picks, pick{Value: c.Field, Label: label})
	}
	if !strings.HasPrefix(c.Field, "customFields.") {
		picks = append(picks, pick{Value: newField, Label: d.voice.Say("mapping.own.new")})
	}
	return picks
}

// chosen is what a column means: as it was posted, else as it is on file.
func (p *operationPage) chosen(c *columnRow) string {
	if p.Form.Has(c.Name) {
		return p.Form.Get(c.Name)
	}
	return c.Chosen
}
