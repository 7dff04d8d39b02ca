package font

import (
	"encoding/binary"
	"fmt"
)

// outlines are the streams of a transformed glyf table (WOFF 2.0, 5.1).
type outlines struct {
	contours, points, flags, glyphs, composites, boxes, programs reader
	boxed, overlapping                                           []byte
}

// restoreOutlines undoes the transformation of glyf: the tables glyf and loca
// (of long offsets), and where each glyph begins at the left.
func restoreOutlines(data []byte) (glyf, loca []byte, xMins []int, err error) {
	r := &reader{data: data}
	r.u16()
	options, count := r.u16(), r.u16()
	r.u16()
	var sizes [7]int
	for i := range sizes {
		sizes[i] = r.u32()
	}
	var o outlines
	for i, s := range []*reader{&o.contours, &o.points, &o.flags, &o.glyphs, &o.composites, &o.boxes, &o.programs} {
		s.data = r.take(sizes[i])
	}
	o.boxed = o.boxes.take((count + 31) / 32 * 4)
	if options&1 != 0 {
		o.overlapping = r.take((count + 7) / 8)
	}
	if r.failed || o.boxes.failed {
		return nil, nil, nil, errShort
	}
	xMins = make([]int, count)
	loca = make([]byte, 0, 4*count+4)
	for i := range count {
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		begin := len(glyf)
		if glyf, err = o.glyph(glyf, i); err != nil {
			return nil, nil, nil, fmt.Errorf("glyph %d: %w", i, err)
		}
		if len(glyf) > begin {
			xMins[i] = i16(glyf, begin+2)
		}
		for len(glyf)%4 != 0 {
			glyf = append(glyf, 0)
		}
		if len(glyf) > mostBytes {
			return nil, nil, nil, fmt.Errorf("they take more than %d MB", mostBytes>>20)
		}
	}
	return glyf, binary.BigEndian.AppendUint32(loca, uint32(len(glyf))), xMins, nil
}

// glyph appends the i-th glyph.
func (o *outlines) glyph(glyf []byte, i int) ([]byte, error) {
	contours := int(int16(o.contours.u16()))
	boxed := o.boxed[i/8]&(0x80>>(i%8)) != 0
	var err error
	switch {
	case contours == 0:
		if boxed {
			err = fmt.Errorf("an empty one cannot have a box")
		}
		return glyf, err
	case contours == -1 && boxed:
		glyf = o.composite(glyf)
	case contours > 0:
		glyf, err = o.simple(glyf, contours, boxed, o.overlapping != nil && o.overlapping[i/8]&(0x80>>(i%8)) != 0)
	default:
		return glyf, fmt.Errorf("it is neither simple nor composite")
	}
	if o.contours.failed || o.points.failed || o.flags.failed || o.glyphs.failed || o.composites.failed || o.boxes.failed || o.programs.failed {
		return glyf, errShort
	}
	return glyf, err
}

// composite appends a glyph that is put together of others.
func (o *outlines) composite(glyf []byte) []byte {
	glyf = append(append(glyf, 0xff, 0xff), o.boxes.take(8)...)
	programmed := false
	for more := true; more && !o.composites.failed; {
		flags := o.composites.u16()
		glyf = binary.BigEndian.AppendUint16(glyf, uint16(flags))
		glyf = append(glyf, o.composites.take(componentSize(flags))...)
		programmed = programmed || flags&0x100 != 0
		more = flags&0x20 != 0
	}
	if programmed {
		glyf = o.program(glyf)
	}
	return glyf
}

// componentSize is how many bytes a part of a composite glyph takes behind its
// flags: the glyph, where it goes, how it is scaled.
func componentSize(flags int) int {
	size := 4
	if flags&0x1 != 0 {
		size += 2
	}
	switch {
	case flags&0x8 != 0:
		size += 2
	case flags&0x40 != 0:
		size += 4
	case flags&0x80 != 0:
		size += 8
	}
	return size
}

func (o *outlines) program(glyf []byte) []byte {
	size := o.glyphs.short()
	glyf = binary.BigEndian.AppendUint16(glyf, uint16(size))
	return append(glyf, o.programs.take(size)...)
}

// A point is on or off a curve, told from the point before.
type point struct {
	dx, dy int
	on     bool
}

// simple appends a glyph of contours.
func (o *outlines) simple(glyf []byte, contours int, boxed, overlapping bool) ([]byte, error) {
	ends, total := make([]byte, 0, 2*contours), 0
	for range contours {
		total += o.points.short()
		if total > len(o.flags.data) || total < 1 || o.points.failed {
			return glyf, errShort
		}
		ends = binary.BigEndian.AppendUint16(ends, uint16(total-1))
	}
	points := make([]point, total)
	x, y := 0, 0
	left, bottom, right, top := 1<<15, 1<<15, -1<<15, -1<<15
	for i := range points {
		points[i] = o.point()
		x, y = x+points[i].dx, y+points[i].dy
		left, right, bottom, top = min(left, x), max(right, x), min(bottom, y), max(top, y)
	}
	glyf = binary.BigEndian.AppendUint16(glyf, uint16(contours))
	if boxed {
		glyf = append(glyf, o.boxes.take(8)...)
	} else {
		for _, n := range []int{left, bottom, right, top} {
			glyf = binary.BigEndian.AppendUint16(glyf, uint16(int16(n)))
		}
	}
	glyf = o.program(append(glyf, ends...))
	return appendPoints(glyf, points, overlapping), nil
}

// point reads a point's triplet (WOFF 2.0, 5.2).
func (o *outlines) point() point {
	flag := int(o.flags.u8())
	p := point{on: flag&0x80 == 0}
	flag &= 0x7f
	signed := func(flag, n int) int {
		if flag&1 != 0 {
			return n
		}
		return -n
	}
	byteAt := func() int { return int(o.glyphs.u8()) }
	switch {
	case flag < 10:
		p.dy = signed(flag, (flag&14)<<7+byteAt())
	case flag < 20:
		p.dx = signed(flag, ((flag-10)&14)<<7+byteAt())
	case flag < 84:
		n, b := flag-20, byteAt()
		p.dx = signed(flag, 1+n&0x30+b>>4)
		p.dy = signed(flag>>1, 1+(n&0x0c)<<2+b&0x0f)
	case flag < 120:
		n := flag - 84
		p.dx = signed(flag, 1+(n/12)<<8+byteAt())
		p.dy = signed(flag>>1, 1+((n%12)>>2)<<8+byteAt())
	case flag < 124:
		a, b, c := byteAt(), byteAt(), byteAt()
		p.dx, p.dy = signed(flag, a<<4+b>>4), signed(flag>>1, (b&0x0f)<<8+c)
	default:
		p.dx = signed(flag, byteAt()<<8+byteAt())
		p.dy = signed(flag>>1, byteAt()<<8+byteAt())
	}
	return p
}

// appendPoints writes flags, then all x, then all y, as glyf has them.
func appendPoints(glyf []byte, points []point, overlapping bool) []byte {
	var xs, ys []byte
	for i, p := range points {
		flag := byte(0)
		if p.on {
			flag |= 1
		}
		if overlapping && i == 0 {
			flag |= 0x40
		}
		var fx, fy byte
		xs, fx = appendStep(xs, p.dx)
		ys, fy = appendStep(ys, p.dy)
		glyf = append(glyf, flag|fx<<1|fy<<2)
	}
	return append(append(glyf, xs...), ys...)
}

// appendStep writes one step, and tells the bits "short" and, three places
// above it, "same or positive".
func appendStep(b []byte, d int) ([]byte, byte) {
	switch {
	case d == 0:
		return b, 8
	case d > 0 && d < 256:
		return append(b, byte(d)), 1 | 8
	case d < 0 && d > -256:
		return append(b, byte(-d)), 1
	}
	return binary.BigEndian.AppendUint16(b, uint16(int16(d))), 0
}

// restoreMeasures undoes the transformation of hmtx (WOFF 2.0, 5.4): bearings
// that are where the glyph begins were left out.
func restoreMeasures(data []byte, wide int, lefts []int) ([]byte, error) {
	r := &reader{data: data}
	flags := r.u8()
	if flags&3 == 0 || flags&^3 != 0 || wide < 1 || wide > len(lefts) {
		return nil, fmt.Errorf("they are transformed in an unknown way")
	}
	widths := r.take(2 * wide)
	out := make([]byte, 0, 2*wide+2*len(lefts))
	if r.failed {
		return nil, errShort
	}
	for i, left := range lefts {
		if i < wide {
			out = append(out, widths[2*i:2*i+2]...)
		}
		if i < wide && flags&1 == 0 || i >= wide && flags&2 == 0 {
			left = r.u16()
		}
		out = binary.BigEndian.AppendUint16(out, uint16(left))
	}
	if r.failed {
		return nil, errShort
	}
	return out, nil
}
