package export

import (
	"strconv"

	"complero/frontend/report"
)

// lighter are the shades of a chart's parts, from the first.
var lighter = []float64{0, .35, .55, .7, .82, .9}

func (p *pdfPen) chart(c *report.Chart) {
	p.legend(c)
	switch c.Kind {
	case report.Across:
		p.across(c)
	case report.Lines:
		p.upright(c, p.lines)
	default:
		p.upright(c, p.bars)
	}
	p.Ln(3)
}

// legend names the parts beside their colours.
func (p *pdfPen) legend(c *report.Chart) {
	if len(c.Parts) < 2 {
		return
	}
	p.font("", 8, 60)
	p.room(60)
	for i, part := range c.Parts {
		text := known(part)
		width := p.GetStringWidth(text) + 8
		if x, _ := p.GetXY(); x+width > pdfMargin+pdfWidth {
			p.Ln(4.5)
		}
		x, y := p.GetXY()
		p.fill(lighter[i%len(lighter)])
		p.Rect(x, y+.8, 2.8, 2.8, "F")
		p.SetX(x + 3.6)
		p.CellFormat(width-3.6, 4.4, text, "", 0, "L", false, 0, "")
	}
	p.Ln(6)
}

// upright draws what stands side by side in time, with its scale.
func (p *pdfPen) upright(c *report.Chart, draw func(c *report.Chart, y, height float64)) {
	const height = 38.0
	p.room(height + 10)
	y := p.GetY()
	p.SetDrawColor(225, 225, 225)
	p.SetLineWidth(.2)
	for _, part := range []float64{0, .5, 1} {
		p.Line(pdfMargin, y+height*part, pdfMargin+pdfWidth, y+height*part)
	}
	draw(c, y, height)
	p.SetY(y + height + 1)
	p.font("", 7.5, 80)
	third := pdfWidth / 3
	p.CellFormat(third, 4, p.fit(c.Points[0].Label, third), "", 0, "L", false, 0, "")
	p.CellFormat(third, 4, p.document.Say("chart.top", "N", strconv.FormatFloat(c.Top(), 'f', -1, 64)), "", 0, "C", false, 0, "")
	p.CellFormat(third, 4, p.fit(c.Points[len(c.Points)-1].Label, third), "", 1, "R", false, 0, "")
}

func (p *pdfPen) bars(c *report.Chart, y, height float64) {
	slot := pdfWidth / float64(len(c.Points))
	for i, point := range c.Points {
		foot := y + height
		for part, v := range point.Values {
			if high := v / c.Top() * height; high > 0 {
				p.fill(lighter[part%len(lighter)])
				p.Rect(pdfMargin+float64(i)*slot+slot*.15, foot-high, slot*.7, high, "F")
				foot -= high
			}
		}
	}
}

func (p *pdfPen) lines(c *report.Chart, y, height float64) {
	slot := pdfWidth / float64(len(c.Points))
	p.SetLineWidth(.6)
	for part := range c.Parts {
		p.fill(lighter[part%len(lighter)])
		r, g, b := p.GetFillColor()
		p.SetDrawColor(r, g, b)
		at := func(i int) (float64, float64) {
			return pdfMargin + (float64(i)+.5)*slot, y + height - c.Points[i].Values[part]/c.Top()*height
		}
		for i := 1; i < len(c.Points); i++ {
			x1, y1 := at(i - 1)
			x2, y2 := at(i)
			p.Line(x1, y1, x2, y2)
		}
	}
}

// across draws bars that lie, each with its name; the table behind has the numbers.
func (p *pdfPen) across(c *report.Chart) {
	const label, high = 44.0, 3.4
	for _, point := range c.Points {
		p.room(rowHeight)
		y := p.GetY()
		p.font("", 8.5, 40)
		p.CellFormat(label, rowHeight, p.fit(point.Label, label), "", 0, "L", false, 0, "")
		x, wide := pdfMargin+label, pdfWidth-label
		p.SetFillColor(240, 240, 240)
		p.Rect(x, y+1.1, wide, high, "F")
		for part, v := range point.Values {
			width := min(v*wide, pdfMargin+pdfWidth-x)
			if width > 0 {
				p.fill(lighter[part%len(lighter)])
				p.Rect(x, y+1.1, width, high, "F")
				x += width
			}
		}
		p.Ln(rowHeight)
	}
}
