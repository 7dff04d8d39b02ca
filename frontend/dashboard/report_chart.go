package dashboard

import (
	"fmt"
	"strconv"
	"strings"

	"complero/frontend/report"
)

// partClass is the colour of a chart's part: ages fade, other parts differ.
func partClass(c *report.Chart, part int) string {
	if c.Kind == report.Across && len(c.Parts) > 1 {
		return "age" + strconv.Itoa(part)
	}
	return "part" + strconv.Itoa(part)
}

// chartPath draws one part of a chart of bars or lines.
func chartPath(c *report.Chart, part int) string {
	var d strings.Builder
	top, slot := c.Top(), float64(chartWidth)/float64(len(c.Points))
	for i, p := range c.Points {
		x, height := float64(i)*slot, p.Values[part]/top*chartHeight
		if c.Kind == report.Lines {
			letter := "L"
			if i == 0 {
				letter = "M"
			}
			fmt.Fprintf(&d, "%s%.1f %.1f", letter, x+slot/2, chartHeight-height)
			continue
		}
		below := 0.0
		for _, v := range p.Values[:part] {
			below += v / top * chartHeight
		}
		if height > 0 {
			fmt.Fprintf(&d, "M%.1f %.1fh%.1fv-%.1fh-%.1fz", x+slot*.15, chartHeight-below, slot*.7, height, slot*.7)
		}
	}
	return d.String()
}

// acrossPath draws one part of a bar that lies, 100 wide and 10 high.
func acrossPath(p *report.Point, part int) string {
	from := 0.0
	for _, v := range p.Values[:part] {
		from += v * 100
	}
	return fmt.Sprintf("M%.2f 0h%.2fv10h-%.2fz", min(100, from), min(100-min(100, from), p.Values[part]*100), min(100-min(100, from), p.Values[part]*100))
}

// pointSaid are a point's values in words.
func pointSaid(s *report.Section, i int) string {
	if i >= len(s.Rows) {
		return ""
	}
	var words []string
	for n, c := range s.Rows[i].Cells {
		words = append(words, s.Columns[n+1]+" "+c.Text)
	}
	return strings.Join(words, ", ")
}

// shareOf is what a lying bar is labelled with: the share.
func shareOf(s *report.Section, i int) string {
	if i >= len(s.Rows) || len(s.Rows[i].Cells) == 0 {
		return ""
	}
	if s.Key == "coverage" {
		return s.Rows[i].Cells[1].Text
	}
	return s.Rows[i].Cells[len(s.Rows[i].Cells)-1].Text
}

// topOf is the number at a chart's upper edge.
func topOf(c *report.Chart) string {
	return strconv.FormatFloat(c.Top(), 'f', -1, 64)
}
