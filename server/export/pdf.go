package export

import (
	"fmt"
	"io"
	"strings"

	"codeberg.org/go-pdf/fpdf"
	"github.com/lucasb-eyer/go-colorful"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"

	"complero/db"
	"complero/frontend/report"
)

// Measures of a page, in millimetres: A4 with margins.
const (
	pdfMargin = 16.0
	pdfWidth  = 210 - 2*pdfMargin
	pdfBottom = 18.0
	rowHeight = 5.6
)

// A pdfPen writes a report on pages. Its texts are real ones, in a font that
// goes along, so that they can be searched, copied and read aloud.
type pdfPen struct {
	*fpdf.Fpdf
	document *report.Document
	brand    colorful.Color // that of bars and lines, visible on white
}

func writePDF(d *report.Document, brand *db.Brand, w io.Writer) error {
	p := &pdfPen{Fpdf: fpdf.New("P", "mm", "A4", ""), document: d, brand: colorful.Color{R: .1, G: .3, B: .55}}
	if brand != nil {
		p.brand = visible(brand.Theme.Colors.Primary, p.brand)
	}
	p.AddUTF8FontFromBytes("body", "", goregular.TTF)
	p.AddUTF8FontFromBytes("body", "B", gobold.TTF)
	p.SetTitle(d.Title+", "+d.Period, true)
	p.SetLang(d.Tag)
	p.SetCreator("Complero", true)
	p.SetDisplayMode("fullwidth", "continuous")
	p.SetMargins(pdfMargin, pdfMargin, pdfMargin)
	p.SetAutoPageBreak(false, pdfBottom)
	p.SetFooterFunc(p.footer)
	p.AddPage()
	p.head()
	for _, s := range d.Sections {
		p.section(s)
	}
	if err := p.Output(w); err != nil {
		return fmt.Errorf("write the report as PDF: %w", err)
	}
	return nil
}

// visible is a colour that stands out on white by 3 to 1, darkened if need be.
func visible(hex string, otherwise colorful.Color) colorful.Color {
	c, err := colorful.Hex(hex)
	if err != nil {
		return otherwise
	}
	for range 20 {
		r, g, b := c.LinearRgb()
		if 1.05/(.2126*r+.7152*g+.0722*b+.05) >= 3 {
			break
		}
		c = c.BlendRgb(colorful.Color{}, .1)
	}
	return c
}

// fill sets the colour of areas: the Brand's, lighter by a part.
func (p *pdfPen) fill(lighter float64) {
	r, g, b := p.brand.BlendRgb(colorful.Color{R: 1, G: 1, B: 1}, lighter).RGB255()
	p.SetFillColor(int(r), int(g), int(b))
}

func (p *pdfPen) font(style string, size float64, grey int) {
	p.SetFont("body", style, size)
	p.SetTextColor(grey, grey, grey)
}

func (p *pdfPen) footer() {
	p.SetY(-pdfBottom + 6)
	p.font("", 8, 90)
	p.CellFormat(pdfWidth/2, 5, known(p.document.Title), "", 0, "L", false, 0, "")
	p.CellFormat(pdfWidth/2, 5, fmt.Sprint(p.PageNo()), "", 0, "R", false, 0, "")
}

func (p *pdfPen) head() {
	p.fill(0)
	p.Rect(pdfMargin, pdfMargin, 24, 1.6, "F")
	p.SetY(pdfMargin + 5)
	p.font("B", 20, 20)
	p.MultiCell(pdfWidth, 8.5, known(p.document.Title), "", "L", false)
	p.font("", 10.5, 70)
	p.MultiCell(pdfWidth, 5.5, known(p.document.Period), "", "L", false)
	for _, text := range []string{p.document.Compared, p.document.Note} {
		if text != "" {
			p.MultiCell(pdfWidth, 5.5, known(text), "", "L", false)
		}
	}
}

// room begins a page unless there are so many millimetres left on this one.
func (p *pdfPen) room(height float64) bool {
	if p.GetY()+height <= 297-pdfBottom {
		return false
	}
	p.AddPage()
	p.SetY(pdfMargin)
	return true
}

func (p *pdfPen) section(s *report.Section) {
	p.Ln(6)
	p.room(40)
	p.font("B", 13, 20)
	p.Bookmark(known(s.Title), 0, -1)
	p.MultiCell(pdfWidth, 6.5, known(s.Title), "", "L", false)
	if s.Note != "" {
		p.font("", 9, 70)
		p.MultiCell(pdfWidth, 4.6, known(s.Note), "", "L", false)
	}
	p.Ln(1.5)
	if s.Chart != nil && len(s.Chart.Points) > 0 {
		p.chart(s.Chart)
	}
	p.table(s)
}

// widths are those of the columns: the first has what the others leave.
func widths(n int) []float64 {
	each := min(30, pdfWidth*.72/float64(max(1, n-1)))
	all := make([]float64, n)
	all[0] = pdfWidth
	for i := 1; i < n; i++ {
		all[i], all[0] = each, all[0]-each
	}
	return all
}

func (p *pdfPen) table(s *report.Section) {
	wide := widths(len(s.Columns))
	p.headings(s.Columns, wide)
	for _, r := range s.Rows {
		if p.room(rowHeight) {
			p.headings(s.Columns, wide)
		}
		p.font("", 8.5, 20)
		p.CellFormat(wide[0], rowHeight, p.fit(r.Label, wide[0]), "B", 0, "L", false, 0, "")
		for i, c := range r.Cells {
			p.CellFormat(wide[i+1], rowHeight, p.fit(c.Text, wide[i+1]), "B", 0, "R", false, 0, "")
		}
		p.Ln(rowHeight)
	}
}

// headings are as high as the one that takes the most lines.
func (p *pdfPen) headings(columns []string, wide []float64) {
	p.SetDrawColor(215, 215, 215)
	p.SetLineWidth(.2)
	p.font("", 7.5, 80)
	if len(columns) > 8 {
		p.font("", 6.4, 80)
	}
	lines := make([][]string, len(columns))
	most := 1
	for i, c := range columns {
		lines[i] = p.SplitText(known(c), wide[i]-1)
		most = max(most, len(lines[i]))
	}
	p.room(float64(most)*3.6 + 3*rowHeight)
	x, y := p.GetXY()
	for i := range columns {
		align := "R"
		if i == 0 {
			align = "L"
		}
		for n, text := range lines[i] {
			p.SetXY(x, y+float64(most-len(lines[i])+n)*3.6)
			p.CellFormat(wide[i], 3.6, text, "", 0, align, false, 0, "")
		}
		x += wide[i]
	}
	p.SetXY(pdfMargin, y+float64(most)*3.6+.8)
	p.Line(pdfMargin, p.GetY(), pdfMargin+pdfWidth, p.GetY())
}

// fit shortens a text to a cell's width.
func (p *pdfPen) fit(text string, width float64) string {
	text = known(text)
	if p.GetStringWidth(text) <= width-2 {
		return text
	}
	letters := []rune(text)
	for len(letters) > 0 && p.GetStringWidth(string(letters)+"…") > width-2 {
		letters = letters[:len(letters)-1]
	}
	return string(letters) + "…"
}

// known leaves out what the font's format has no place for, and breaks of lines.
func known(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return ' '
		case r < ' ':
			return -1
		case r > 0xFFFF:
			return '□'
		}
		return r
	}, text)
}
