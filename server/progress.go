package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"complero/db"
)

// A progress shows how far an import is: as a bar on a terminal, elsewhere as
// a line every few seconds.
type progress struct {
	to       io.Writer
	terminal bool
	now      func() time.Time

	began, shown time.Time
	stage        string
	bar          bool // one stands on the terminal's last line
}

// How often a bar and a line are written.
const (
	barEvery  = 100 * time.Millisecond
	lineEvery = 5 * time.Second
)

func newProgress(to io.Writer) *progress {
	p := &progress{to: to, now: time.Now}
	if file, ok := to.(*os.File); ok {
		if info, err := file.Stat(); err == nil {
			p.terminal = info.Mode()&os.ModeCharDevice != 0
		}
	}
	return p
}

// reading shows how much of a file has been read.
func (p *progress) reading(rows int, read, size int64) {
	share := 0.0
	if size > 0 {
		share = float64(read) / float64(size)
	}
	p.show("reading", rows, share, "")
}

// working shows how much of an Operation is done.
func (p *progress) working(op *db.Operation) {
	if op.Total == nil || *op.Total == 0 {
		return
	}
	p.show("importing", op.Processed, float64(op.Processed)/float64(*op.Total), fmt.Sprintf(", %d rejected", op.Rejected))
}

func (p *progress) show(stage string, rows int, share float64, more string) {
	now := p.now()
	if stage != p.stage {
		p.end()
		p.stage, p.began, p.shown = stage, now, now
	}
	every := lineEvery
	if p.terminal {
		every = barEvery
	}
	if now.Sub(p.shown) < every {
		return
	}
	p.shown = now
	took := now.Sub(p.began).Seconds()
	left := ""
	if share > 0.01 && share < 1 && took > 1 {
		left = ", " + (time.Duration(took*(1-share)/share) * time.Second).String() + " left"
	}
	text := fmt.Sprintf("%s %3.0f %%  %d rows, %.0f rows/s%s%s", stage, share*100, rows, float64(rows)/max(took, 0.001), more, left)
	if !p.terminal {
		fmt.Fprintln(p.to, text)
		return
	}
	const width = 30
	full := int(share * width)
	fmt.Fprintf(p.to, "\r[%s%s] %s\x1b[K", strings.Repeat("#", full), strings.Repeat(".", width-full), text)
	p.bar = true
}

// end leaves the bar's line.
func (p *progress) end() {
	if p.bar {
		fmt.Fprintln(p.to)
		p.bar = false
	}
}
