package svg

import (
	"cmp"
	"errors"
	"math"
	"slices"
)

// sharpness is how many lines of samples there are in a row of pixels; across,
// coverage is exact.
const sharpness = 5

// mostWork bounds the time that a drawing takes: crossings of edges with lines
// of samples, and pixels painted. It is about a second.
const mostWork = 30_000_000

var errTooComplex = errors.New("is too complex to be drawn; simplify it, or upload the logo as a PNG")

// An edge goes down, and counts up or down where it is crossed.
type edge struct {
	top, bottom point
	direction   int
}

// edges are those of closed lines, between the rows 0 and height.
func edges(lines []line, m matrix, height float64) []edge {
	var all []edge
	for _, l := range lines {
		for i, p := range l.points {
			a, b := m.apply(p), m.apply(l.points[(i+1)%len(l.points)])
			e := edge{a, b, 1}
			if a.y > b.y {
				e = edge{b, a, -1}
			}
			if e.bottom.y > 0 && e.top.y < height && e.bottom.y > e.top.y {
				all = append(all, e)
			}
		}
	}
	slices.SortFunc(all, func(a, b edge) int { return cmp.Compare(a.top.y, b.top.y) })
	return all
}

// A scan covers the pixels within edges, row by row.
type scan struct {
	width, height int
	evenOdd       bool
	work          *int
	crossings     []crossing
}

type crossing struct {
	x         float64
	direction int
}

// each calls put for every row that is covered, with the share of each pixel.
func (s *scan) each(all []edge, put func(y int, coverage []float32)) error {
	if len(all) == 0 {
		return nil
	}
	row := make([]float32, s.width)
	var active []edge
	next := 0
	for y := max(0, int(math.Floor(all[0].top.y))); y < s.height; y++ {
		if next == len(all) && len(active) == 0 {
			return nil
		}
		clear(row)
		for k := range sharpness {
			at := float64(y) + (float64(k)+0.5)/sharpness
			for next < len(all) && all[next].top.y <= at {
				active = append(active, all[next])
				next++
			}
			active = slices.DeleteFunc(active, func(e edge) bool { return e.bottom.y <= at })
			if *s.work += len(active) + s.width/sharpness; *s.work > mostWork {
				return errTooComplex
			}
			s.sample(active, at, row)
		}
		put(y, row)
	}
	return nil
}

// sample adds one line of samples to a row.
func (s *scan) sample(active []edge, at float64, row []float32) {
	s.crossings = s.crossings[:0]
	for _, e := range active {
		x := e.top.x + (at-e.top.y)*(e.bottom.x-e.top.x)/(e.bottom.y-e.top.y)
		s.crossings = append(s.crossings, crossing{x, e.direction})
	}
	slices.SortFunc(s.crossings, func(a, b crossing) int { return cmp.Compare(a.x, b.x) })
	winding := 0
	for i, c := range s.crossings {
		winding += c.direction
		inside := winding != 0
		if s.evenOdd {
			inside = i%2 == 0
		}
		if inside && i+1 < len(s.crossings) {
			cover(row, c.x, s.crossings[i+1].x)
		}
	}
}

// cover adds the span from left to right.
func cover(row []float32, left, right float64) {
	left, right = max(left, 0), min(right, float64(len(row)))
	if !(left < right) {
		return
	}
	first, last := int(left), int(right)
	if first == last {
		row[first] += float32((right - left) / sharpness)
		return
	}
	row[first] += float32((float64(first) + 1 - left) / sharpness)
	for x := first + 1; x < last; x++ {
		row[x] += 1.0 / sharpness
	}
	if last < len(row) {
		row[last] += float32((right - float64(last)) / sharpness)
	}
}
