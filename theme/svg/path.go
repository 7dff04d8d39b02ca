package svg

import (
	"math"
	"strconv"
)

type point struct{ x, y float64 }

func (p point) plus(q point) point      { return point{p.x + q.x, p.y + q.y} }
func (p point) minus(q point) point     { return point{p.x - q.x, p.y - q.y} }
func (p point) times(f float64) point   { return point{p.x * f, p.y * f} }
func (p point) length() float64         { return math.Hypot(p.x, p.y) }
func (p point) turned() point           { return point{-p.y, p.x} }
func (p point) mirrored(at point) point { return at.times(2).minus(p) }

// A line is a row of points, joined to itself if closed.
type line struct {
	points []point
	closed bool
}

// Curves become so many straight pieces: at the size of a logo nobody sees them.
const (
	cubicPieces = 20
	circle      = 72
)

// A pen draws lines.
type pen struct {
	lines   []line
	current []point
	segment int
}

func (p *pen) at() point {
	if len(p.current) == 0 {
		return point{}
	}
	return p.current[len(p.current)-1]
}

func (p *pen) move(to point) {
	p.end(false)
	p.current = []point{to}
}

func (p *pen) to(q point) {
	p.segment++
	p.current = append(p.current, q)
}

func (p *pen) end(closed bool) {
	if len(p.current) > 0 {
		p.lines = append(p.lines, line{p.current, closed})
	}
	p.current = nil
}

func (p *pen) cubic(b, c, d point) {
	a := p.at()
	for i := 1; i <= cubicPieces; i++ {
		t := float64(i) / cubicPieces
		u := 1 - t
		p.to(a.times(u * u * u).plus(b.times(3 * u * u * t)).plus(c.times(3 * u * t * t)).plus(d.times(t * t * t)))
	}
}

// quadratic draws as a cubic.
func (p *pen) quadratic(b, c point) {
	p.cubic(p.at().plus(b.minus(p.at()).times(2.0/3)), c.plus(b.minus(c).times(2.0/3)), c)
}

// arc draws an elliptic arc (SVG 1.1, F.6).
func (p *pen) arc(rx, ry, degrees float64, large, sweep bool, end point) {
	begin := p.at()
	rx, ry = math.Abs(rx), math.Abs(ry)
	if rx == 0 || ry == 0 || begin == end {
		p.to(end)
		return
	}
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	half := begin.minus(end).times(0.5)
	x, y := cos*half.x+sin*half.y, cos*half.y-sin*half.x
	if grow := x*x/(rx*rx) + y*y/(ry*ry); grow > 1 {
		rx, ry = rx*math.Sqrt(grow), ry*math.Sqrt(grow)
	}
	share := math.Sqrt(max(0, (rx*rx*ry*ry-rx*rx*y*y-ry*ry*x*x)/(rx*rx*y*y+ry*ry*x*x)))
	if large == sweep {
		share = -share
	}
	cx, cy := share*rx*y/ry, -share*ry*x/rx
	from := math.Atan2((y-cy)/ry, (x-cx)/rx)
	turn := math.Atan2((-y-cy)/ry, (-x-cx)/rx) - from
	if sweep && turn < 0 {
		turn += 2 * math.Pi
	} else if !sweep && turn > 0 {
		turn -= 2 * math.Pi
	}
	middle := begin.plus(end).times(0.5)
	pieces := max(1, int(math.Ceil(math.Abs(turn)/(2*math.Pi)*circle)))
	for i := 1; i < pieces; i++ {
		s, c := math.Sincos(from + turn*float64(i)/float64(pieces))
		ex, ey := cx+rx*c, cy+ry*s
		p.to(point{middle.x + cos*ex - sin*ey, middle.y + sin*ex + cos*ey})
	}
	p.to(end)
}

// ellipse draws a whole one.
func (p *pen) ellipse(cx, cy, rx, ry float64) {
	if rx <= 0 || ry <= 0 {
		return
	}
	p.move(point{cx + rx, cy})
	for i := 1; i < circle; i++ {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / circle)
		p.to(point{cx + rx*cos, cy + ry*sin})
	}
	p.end(true)
}

func (p *pen) rectangle(x, y, width, height, rx, ry float64) {
	if width <= 0 || height <= 0 {
		return
	}
	rx, ry = min(rx, width/2), min(ry, height/2)
	p.move(point{x + rx, y})
	corner := func(before, end point) {
		p.to(before)
		if rx > 0 && ry > 0 {
			p.arc(rx, ry, 0, false, true, end)
		}
	}
	corner(point{x + width - rx, y}, point{x + width, y + ry})
	corner(point{x + width, y + height - ry}, point{x + width - rx, y + height})
	corner(point{x + rx, y + height}, point{x, y + height - ry})
	corner(point{x, y + ry}, point{x + rx, y})
	p.end(true)
}

// operands is how many numbers each command of a path takes.
var operands = map[byte]int{'m': 2, 'l': 2, 'h': 1, 'v': 1, 'c': 6, 's': 4, 'q': 4, 't': 2, 'a': 7, 'z': 0}

// path draws path data up to its first mistake, as browsers do.
func (p *pen) path(d string) {
	r := pathReader{rest: d}
	var command, last byte
	var start, control point
	for {
		next, given := r.command()
		if given {
			command = next
		} else if r.rest == "" || command == 0 || command|0x20 == 'z' {
			break
		}
		if len(p.lines) == 0 && p.current == nil && command|0x20 != 'm' {
			break
		}
		n, ok := r.numbers(command)
		if !ok || p.segment > maxSegments {
			break
		}
		origin := point{}
		if command >= 'a' {
			origin = p.at()
			if p.current == nil {
				origin = start
			}
		}
		if p.current == nil && command|0x20 != 'm' {
			p.current = []point{start}
		}
		kind := command | 0x20
		control = p.draw(kind, last, n, origin, control)
		switch kind {
		case 'm':
			start = p.at()
			command-- // further points are lines
		case 'z':
			p.end(true)
		}
		last = kind
	}
	p.end(false)
}

// draw draws one command, with its numbers and what they count from, and
// returns the control point that a smooth curve after it takes up.
func (p *pen) draw(kind, last byte, n []float64, origin, control point) point {
	at := func(i int) point { return origin.plus(point{n[i], n[i+1]}) }
	here := p.at()
	switch kind {
	case 'm':
		p.move(at(0))
	case 'l':
		p.to(at(0))
	case 'h':
		p.to(point{origin.x + n[0], here.y})
	case 'v':
		p.to(point{here.x, origin.y + n[0]})
	case 'c':
		p.cubic(at(0), at(2), at(4))
		return at(2)
	case 's':
		first := here
		if last == 'c' || last == 's' {
			first = control.mirrored(here)
		}
		p.cubic(first, at(0), at(2))
		return at(0)
	case 'q':
		p.quadratic(at(0), at(2))
		return at(0)
	case 't':
		middle := here
		if last == 'q' || last == 't' {
			middle = control.mirrored(here)
		}
		p.quadratic(middle, at(0))
		return middle
	case 'a':
		p.arc(n[0], n[1], n[2], n[3] != 0, n[4] != 0, at(5))
	}
	return p.at()
}

// A pathReader takes commands and numbers from the front of path data.
type pathReader struct{ rest string }

func (r *pathReader) skip() {
	for r.rest != "" && (r.rest[0] == ',' || r.rest[0] <= ' ') {
		r.rest = r.rest[1:]
	}
}

func (r *pathReader) command() (byte, bool) {
	r.skip()
	if r.rest == "" {
		return 0, false
	}
	if _, known := operands[r.rest[0]|0x20]; !known || r.rest[0] < 'A' {
		return 0, false
	}
	command := r.rest[0]
	r.rest = r.rest[1:]
	return command, true
}

// numbers reads what a command takes. The flags of an arc may stand without
// anything between them and what follows.
func (r *pathReader) numbers(command byte) ([]float64, bool) {
	list := make([]float64, operands[command|0x20])
	for i := range list {
		r.skip()
		if command|0x20 == 'a' && (i == 3 || i == 4) {
			if r.rest == "" || r.rest[0] != '0' && r.rest[0] != '1' {
				return nil, false
			}
			list[i] = float64(r.rest[0] - '0')
			r.rest = r.rest[1:]
			continue
		}
		place := numberIn.FindStringIndex(r.rest)
		if place == nil || place[0] != 0 {
			return nil, false
		}
		n, err := strconv.ParseFloat(r.rest[:place[1]], 64)
		if err != nil || math.Abs(n) > maxNumber {
			return nil, false
		}
		list[i], r.rest = n, r.rest[place[1]:]
	}
	return list, true
}
