package report

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/Khan/genqlient/graphql"

	"complero/frontend/locales"
)

// A Custom is a saved query with what to show of its answer.
type Custom struct {
	Name, Document  string
	Chart           string // TABLE, BARS or LINE
	RowsAt, LabelAt string
	ValuesAt        []string
	Since, Until    string
}

// mostRows is how many rows a custom report shows, and mostPoints how many it draws.
const (
	mostRows   = 1000
	mostPoints = 120
)

// asked are the variables that the query declares among those of a period.
func (c *Custom) asked() map[string]any {
	asked := map[string]any{}
	for name, value := range map[string]string{"since": c.Since, "until": c.Until} {
		if strings.Contains(c.Document, "$"+name) {
			asked[name] = value
		}
	}
	return asked
}

// Read makes a Document of the answer's data.
func (c *Custom) Read(v *locales.Voice, data json.RawMessage) (*Document, error) {
	var answer any
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	if err := decoder.Decode(&answer); err != nil {
		return nil, fmt.Errorf("read the answer to %q: %w", c.Name, err)
	}
	list, ok := at(answer, c.RowsAt).([]any)
	d := &Document{Voice: v, Title: c.Name, Period: period(v, c.Since, c.Until), Empty: !ok || len(list) == 0}
	s := &Section{Key: "custom", Title: c.Name, Columns: append([]string{c.LabelAt}, c.ValuesAt...)}
	if len(list) > mostRows {
		list, s.Note = list[:mostRows], v.Say("custom.more", "N", Number(v, mostRows))
	}
	chart := &Chart{Description: v.Say("chart.custom", "Values", strings.Join(c.ValuesAt, ", "), "Label", c.LabelAt), Parts: c.ValuesAt}
	if c.Chart == "LINE" {
		chart.Kind = Lines
	}
	for _, one := range list {
		row := Row{Label: text(at(one, c.LabelAt))}
		point := Point{Label: row.Label}
		for _, way := range c.ValuesAt {
			value := at(one, way)
			row.Cells = append(row.Cells, cell(v, value))
			point.Values = append(point.Values, height(value))
		}
		row.Key = row.Label
		s.Rows, chart.Points = append(s.Rows, row), append(chart.Points, point)
	}
	if c.Chart != "TABLE" && len(chart.Points) > 0 {
		chart.Points = chart.Points[:min(mostPoints, len(chart.Points))]
		s.Chart = chart
	}
	d.Sections = []*Section{s}
	return d, nil
}

// height is what a chart draws of a value: nothing of what is no number, or
// beyond what can be drawn.
func height(value any) float64 {
	number, _ := value.(json.Number)
	n, err := number.Float64()
	if err != nil || !(n > 0 && n < 1e15) {
		return 0
	}
	return n
}

// at follows a way through an answer; nil where it ends before.
func at(answer any, way string) any {
	for _, name := range strings.Split(way, ".") {
		object, _ := answer.(map[string]any)
		answer = object[name]
	}
	return answer
}

// text is a value of an answer as it stands there.
func text(value any) string {
	switch value := value.(type) {
	case nil:
		return ""
	case string:
		return value
	case json.Number:
		return value.String()
	}
	written, err := json.Marshal(value)
	if err != nil {
		return ""
	}
	return string(written)
}

func cell(v *locales.Voice, value any) Cell {
	raw := text(value)
	number, ok := value.(json.Number)
	if !ok {
		return Cell{raw, raw}
	}
	if n, err := number.Int64(); err == nil {
		return Cell{Number(v, int(n)), raw}
	}
	if x, err := number.Float64(); err == nil {
		return Cell{decimal(v, x, 3), raw}
	}
	return Cell{raw, raw}
}

// Run sends the query by a client, with its period, and makes a Document of the answer.
func (c *Custom) Run(ctx context.Context, api graphql.Client, v *locales.Voice) (*Document, error) {
	var data json.RawMessage
	err := api.MakeRequest(ctx, &graphql.Request{Query: c.Document, Variables: c.asked()}, &graphql.Response{Data: &data})
	if err != nil {
		return nil, err
	}
	return c.Read(v, data)
}
