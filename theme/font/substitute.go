package font

import "slices"

// substitutions is a GSUB table: by which glyphs others are replaced.
type substitutions []byte

// onByDefault are the features that browsers apply unasked, and pages ask for
// no others.
var onByDefault = []string{
	"ccmp", "locl", "rlig", "liga", "clig", "calt", "rclt", "rvrn", "init", "medi", "med2", "fina", "fin2", "fin3", "isol", "mset", "stch", "ltra", "ltrm", "rtla", "rtlm",
}

// mostSteps bounds the work of one closing.
const mostSteps = 4_000_000

// close adds all glyphs that kept ones may become; false for a table that
// takes too long.
func (g substitutions) close(kept map[int]bool) bool {
	if len(g) == 0 {
		return true
	}
	c := closer{table: g, kept: kept}
	lookups := c.lookups()
	for before := -1; before != len(kept); {
		before = len(kept)
		for _, at := range lookups {
			c.lookup(at)
		}
		if c.steps > mostSteps {
			return false
		}
	}
	return true
}

type closer struct {
	table []byte
	kept  map[int]bool
	steps int
}

// lookups are the places of those that a feature applies unasked, and of
// those that no feature applies, but others do.
func (c *closer) lookups() []int {
	features, list := u16(c.table, 6), u16(c.table, 8)
	asked, unasked := map[int]bool{}, map[int]bool{}
	for i := range u16(c.table, features) {
		record := features + 2 + 6*i
		if record+6 > len(c.table) {
			break
		}
		feature := features + u16(c.table, record+4)
		to := asked
		if slices.Contains(onByDefault, string(c.table[record:record+4])) {
			to = unasked
		}
		for k := range u16(c.table, feature+2) {
			if c.steps++; c.steps > mostSteps {
				return nil
			}
			to[u16(c.table, feature+4+2*k)] = true
		}
	}
	var places []int
	for i := range u16(c.table, list) {
		if unasked[i] || !asked[i] {
			places = append(places, list+u16(c.table, list+2+2*i))
		}
	}
	return places
}

func (c *closer) lookup(at int) {
	for i := range u16(c.table, at+4) {
		if c.steps++; c.steps > mostSteps {
			return
		}
		kind, subtable := u16(c.table, at), at+u16(c.table, at+6+2*i)
		if kind == 7 { // the same further away
			kind, subtable = u16(c.table, subtable+2), subtable+u32(c.table, subtable+4)
		}
		if kind == 1 || kind == 2 || kind == 3 || kind == 4 || kind == 8 {
			c.subtable(kind, subtable)
		}
	}
}

func (c *closer) subtable(kind, at int) {
	c.covered(at+u16(c.table, at+2), func(index, glyph int) {
		switch {
		case kind == 1 && u16(c.table, at) == 1:
			c.keep((glyph + u16(c.table, at+4)) & 0xffff)
		case kind == 1:
			c.keep(u16(c.table, at+6+2*index))
		case kind == 8:
			// The substitutes stand behind the coverages before and after.
			after := at + 6 + 2*u16(c.table, at+4)
			c.keep(u16(c.table, after+4+2*u16(c.table, after)+2*index))
		case kind == 4:
			c.ligatures(at + u16(c.table, at+6+2*index))
		default:
			set := at + u16(c.table, at+6+2*index)
			for k := range u16(c.table, set) {
				c.keep(u16(c.table, set+2+2*k))
			}
		}
	})
}

// ligatures keeps those of a set whose further parts are all kept.
func (c *closer) ligatures(set int) {
	for k := range u16(c.table, set) {
		ligature := set + u16(c.table, set+2+2*k)
		parts := u16(c.table, ligature+2)
		all := parts > 0
		for i := range parts - 1 {
			c.steps++
			if all = all && c.kept[u16(c.table, ligature+4+2*i)]; !all {
				break
			}
		}
		if all {
			c.keep(u16(c.table, ligature))
		}
	}
}

func (c *closer) keep(glyph int) {
	c.steps++
	if c.steps <= mostSteps {
		c.kept[glyph] = true
	}
}

// covered visits the kept glyphs of a coverage table with their index.
func (c *closer) covered(at int, visit func(index, glyph int)) {
	count := u16(c.table, at+2)
	for i := range count {
		first, last, index := u16(c.table, at+4+2*i), u16(c.table, at+4+2*i), i
		if u16(c.table, at) == 2 {
			first, last, index = u16(c.table, at+4+6*i), u16(c.table, at+6+6*i), u16(c.table, at+8+6*i)
		}
		for glyph := first; glyph <= last; glyph++ {
			if c.steps++; c.steps > mostSteps {
				return
			}
			if c.kept[glyph] {
				visit(index+glyph-first, glyph)
			}
		}
	}
}
