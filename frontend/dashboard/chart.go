package dashboard

import (
	"fmt"
	"strings"
	"time"

	"complero/frontend/dashboard/query"
)

// A chart is a row of bars, one for each day, each in parts that stand on one
// another. Beside the picture stands a table with the same numbers, for whoever
// does not see it.
type chart struct {
	Title, Description string
	Parts              []string // what the parts are, from the bottom
	Bars               []bar
	// Top is the number at the upper edge.
	Top int
}

// A bar is one day.
type bar struct {
	Label  string
	Values []int
}

// Measures of a chart, in its own units.
const (
	chartWidth  = 720
	chartHeight = 180
)

// answersByDay shows Updates on Confirms, day by day up to today.
func (d *desk) answersByDay(days []query.Day, today time.Time) chart {
	c := chart{
		Title: d.voice.Say("overview.chart"), Description: d.voice.Count("overview.chart.period", overviewDays),
		Parts: []string{d.voice.Say("overview.confirmed"), d.voice.Say("overview.updated")},
	}
	known := map[string]query.Day{}
	for _, day := range days {
		known[day.Date] = day
	}
	for ago := overviewDays - 1; ago >= 0; ago-- {
		date := today.AddDate(0, 0, -ago)
		day := known[date.Format(time.DateOnly)]
		c.Bars = append(c.Bars, bar{d.voice.Date(date), []int{day.Confirmed, day.Updated}})
		c.Top = max(c.Top, day.Confirmed+day.Updated)
	}
	c.Top = roundUp(c.Top)
	return c
}

// roundUp is the next number that reads well at an axis.
func roundUp(n int) int {
	for step := 1; ; step *= 10 {
		for _, times := range []int{1, 2, 5} {
			if n <= step*times {
				return max(step*times, 1)
			}
		}
	}
}

// path draws one part of all bars.
func (c *chart) path(part int) string {
	var d strings.Builder
	slot := float64(chartWidth) / float64(len(c.Bars))
	for i, b := range c.Bars {
		below := 0
		for _, v := range b.Values[:part] {
			below += v
		}
		height := c.height(b.Values[part])
		if height == 0 {
			continue
		}
		fmt.Fprintf(&d, "M%.1f %.1fh%.1fv-%.1fh-%.1fz", float64(i)*slot+slot*.15, chartHeight-c.height(below), slot*.7, height, slot*.7)
	}
	return d.String()
}

func (c *chart) height(value int) float64 { return float64(value) / float64(c.Top) * chartHeight }

// total is the sum of a bar's parts.
func (b *bar) total() (sum int) {
	for _, v := range b.Values {
		sum += v
	}
	return sum
}
