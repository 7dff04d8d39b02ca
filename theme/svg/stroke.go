package svg

import "math"

// A stroke is how lines are drawn.
type stroke struct {
	width, miter, offset float64
	cap, join            string // butt, round, square; miter, round, bevel
	dashes               []float64
}

// maxDashes bounds how many a line is cut into; one with more is drawn whole.
const maxDashes = 5000

// outline returns what the lines cover, as closed pieces that may overlap: all
// turn the same way, so that they are filled as one.
func (s stroke) outline(lines []line) []line {
	p := &pieces{stroke: s}
	for _, l := range lines {
		l.points = withoutRepeats(l)
		for _, part := range s.dashed(l) {
			if part.points = withoutRepeats(part); len(part.points) > 0 {
				p.line(part)
			}
		}
	}
	return p.all
}

// withoutRepeats drops points that stand where the one before does.
func withoutRepeats(l line) []point {
	kept := make([]point, 0, len(l.points))
	for _, p := range l.points {
		if len(kept) == 0 || p.minus(kept[len(kept)-1]).length() > 1e-9 {
			kept = append(kept, p)
		}
	}
	if l.closed && len(kept) > 1 && kept[0].minus(kept[len(kept)-1]).length() <= 1e-9 {
		kept = kept[:len(kept)-1]
	}
	return kept
}

// dashed cuts a line into its dashes.
func (s stroke) dashed(l line) []line {
	pattern := s.dashes
	if len(pattern)%2 == 1 {
		pattern = append(append([]float64{}, pattern...), pattern...)
	}
	total, period := 0.0, 0.0
	for _, d := range pattern {
		period += max(d, 0)
	}
	points := l.points
	if l.closed && len(points) > 1 {
		points = append(append([]point{}, points...), points[0])
	}
	for i := 1; i < len(points); i++ {
		total += points[i].minus(points[i-1]).length()
	}
	if period <= 0 || total/period*float64(len(pattern)) > maxDashes {
		return []line{l}
	}
	which, left := 0, math.Mod(s.offset, period)
	if left < 0 {
		left += period
	}
	for left >= max(pattern[which], 0) {
		left -= max(pattern[which], 0)
		which = (which + 1) % len(pattern)
	}
	left = max(pattern[which], 0) - left
	var parts []line
	current := []point{}
	for i := 1; i < len(points); i++ {
		parts, current, which, left = dashSegment(parts, current, points[i-1], points[i], pattern, which, left)
	}
	if which%2 == 0 && len(current) > 0 {
		parts = append(parts, line{points: current})
	}
	return parts
}

// dashSegment cuts the piece from a to b: even places of the pattern are drawn.
func dashSegment(parts []line, current []point, a, b point, pattern []float64, which int, left float64) ([]line, []point, int, float64) {
	length := b.minus(a).length()
	if which%2 == 0 && len(current) == 0 {
		current = append(current, a)
	}
	done := 0.0
	for step := 0; length-done > left && step < maxDashes; step++ {
		done += left
		at := a.plus(b.minus(a).times(done / length))
		if which%2 == 0 {
			parts = append(parts, line{points: append(current, at)})
			current = nil
		} else {
			current = []point{at}
		}
		which = (which + 1) % len(pattern)
		left = max(pattern[which], 0)
	}
	if which%2 == 0 {
		current = append(current, b)
	}
	return parts, current, which, left - (length - done)
}

// pieces are what has been outlined so far.
type pieces struct {
	stroke
	all []line
}

// add keeps a convex piece, turned the way that all are.
func (p *pieces) add(points ...point) {
	area := 0.0
	for i, a := range points {
		b := points[(i+1)%len(points)]
		area += a.x*b.y - a.y*b.x
	}
	if area < 0 {
		for i, j := 0, len(points)-1; i < j; i, j = i+1, j-1 {
			points[i], points[j] = points[j], points[i]
		}
	}
	p.all = append(p.all, line{points, true})
}

func (p *pieces) disc(at point) {
	const corners = 24
	points := make([]point, corners)
	for i := range points {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / corners)
		points[i] = point{at.x + cos*p.width/2, at.y + sin*p.width/2}
	}
	p.add(points...)
}

func (p *pieces) line(l line) {
	n := len(l.points)
	if n == 1 {
		p.dot(l.points[0])
		return
	}
	segments := n - 1
	if l.closed && n > 2 {
		segments = n
	}
	for i := range segments {
		a, b := l.points[i], l.points[(i+1)%n]
		along := b.minus(a).times(p.width / 2 / b.minus(a).length())
		side := along.turned()
		if !l.closed && p.cap == "square" {
			if i == 0 {
				a = a.minus(along)
			}
			if i == segments-1 {
				b = b.plus(along)
			}
		}
		p.add(a.plus(side), b.plus(side), b.minus(side), a.minus(side))
		if i+1 < segments || l.closed && n > 2 {
			p.corner(l.points[i], l.points[(i+1)%n], l.points[(i+2)%n])
		}
	}
	if !l.closed && p.cap == "round" {
		p.disc(l.points[0])
		p.disc(l.points[n-1])
	}
}

// dot is a line of no length, which shows by its caps alone.
func (p *pieces) dot(at point) {
	half := p.width / 2
	switch p.cap {
	case "round":
		p.disc(at)
	case "square":
		p.add(point{at.x - half, at.y - half}, point{at.x + half, at.y - half}, point{at.x + half, at.y + half}, point{at.x - half, at.y + half})
	}
}

// corner joins two segments.
func (p *pieces) corner(a, b, c point) {
	in, out := b.minus(a), c.minus(b)
	in, out = in.times(1/in.length()), out.times(1/out.length())
	cross, dot := in.x*out.y-in.y*out.x, in.x*out.x+in.y*out.y
	if math.Abs(cross) < 1e-9 && dot > 0 {
		return
	}
	if p.join == "round" {
		p.disc(b)
		return
	}
	side := -p.width / 2
	if cross < 0 {
		side = -side
	}
	from, to := b.plus(in.turned().times(side)), b.plus(out.turned().times(side))
	// The miter's length is that of the stroke over the sine of half the angle.
	half := math.Sqrt(max(0, (1+dot)/2))
	if p.join == "bevel" || half < 1e-6 || 1/half > p.miter {
		p.add(b, from, to)
		return
	}
	middle := from.plus(to).times(0.5).minus(b)
	if length := middle.length(); length > 0 {
		tip := b.plus(middle.times(p.width / 2 / half / length))
		p.add(b, from, tip, to)
	}
}
