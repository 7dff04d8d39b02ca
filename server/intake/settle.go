package intake

import "fmt"

// Settle says of every column of a file what becomes of it, in the file's
// order: what the Mapping says, what its Unmapped makes of the others, and
// which column its Key means. known are the Company's custom fields. What
// comes out reads the file as m does, and the next export of its kind.
func (m Mapping) Settle(columns []string, known ...CustomField) Mapping {
	m = m.settle(columns, known)
	titles := byTitle(columns, key)
	for i := range m.Columns {
		c := &m.Columns[i]
		if c.Type == "" {
			c.Type = typeOf(c.Field, known)
		}
		if c.Title != "" && len(titles[key(c.Title)]) == 1 {
			c.Position = 0 // the heading is enough, wherever it stands next time
		}
	}
	return m
}

// settle is Settle, with the Positions of all columns.
func (m Mapping) settle(columns []string, known []CustomField) Mapping {
	m.Columns = m.Resolve(columns, known...)
	if at := m.keyColumn(); at >= 0 && m.Columns[at].Field != m.Key {
		m.takeKey(at, known)
	}
	return m
}

// keyColumn finds the column that Key names, by its field or its heading; -1 if
// there is none.
func (m *Mapping) keyColumn() int {
	if m.Key == "" {
		return -1
	}
	for i := range m.Columns {
		if m.Columns[i].Field == m.Key {
			return i
		}
	}
	name := key(m.Key)
	for i := range m.Columns {
		if name != "" && key(m.Columns[i].Title) == name {
			return i
		}
	}
	return -1
}

// takeKey takes a column that Key names by its heading. An e-mail or phone
// stays what it is; any other column becomes the externalId, in the place of
// the one that was.
func (m *Mapping) takeKey(at int, known []CustomField) {
	const own = "externalId"
	used := map[string]bool{}
	for i := range m.Columns {
		used[m.Columns[i].Field] = true
	}
	for i := range m.Columns {
		if c := &m.Columns[i]; i != at && c.Field == own {
			*c = Column{Title: c.Title, Position: c.Position}
			if m.Unmapped == UnmappedCustom {
				c.Field = customField(c, known, used)
			}
		}
	}
	c := &m.Columns[at]
	if f, err := parseField(c.Field); err == nil && (f.kind == email || f.kind == phone) {
		m.Key = c.Field
		return
	}
	*c = Column{Title: c.Title, Position: c.Position, Field: own, Confidence: 1}
	m.Key = ""
}

// customField is the field that a column becomes of which nothing else is
// said, other than those used already: the Company's own of that name, else
// one whose key is made from the heading.
func customField(c *Column, known []CustomField, used map[string]bool) string {
	name := customKey(c.Title)
	if k := knownAs(c.Title, known); k != nil {
		name = k.Key
	}
	if name == "" {
		name = fmt.Sprintf("column%d", c.Position)
	}
	path := "customFields." + name
	for n := 2; used[path]; n++ {
		path = fmt.Sprintf("customFields.%.*s%d", maxKey-5, name, n)
	}
	used[path] = true
	return path
}

// typeOf is the type of a custom field that the Company has defined; "" for
// all others.
func typeOf(path string, known []CustomField) string {
	for i := range known {
		if path == "customFields."+known[i].Key {
			return known[i].Type
		}
	}
	return ""
}

// Complete fills in what a Mapping given by hand leaves open and the file
// tells: the order of its dates, the sign of its decimals, what its codes of
// gender stand for. Where it has no Columns, they are recognised.
func (s *Survey) Complete(m Mapping, known []CustomField) (Mapping, []Finding) {
	if len(m.Columns) == 0 {
		return s.recognise(m, known)
	}
	g := &guess{s: s, known: known}
	claims := make([]*claim, len(m.Columns))
	for i, at := range m.locate(s.titles) {
		col := m.Columns[i]
		f, err := parseField(col.Field)
		if err != nil || f.kind == ignored || at < 0 || at >= len(s.columns) {
			continue
		}
		c := &claim{at: at, c: &s.columns[at], meaning: s.columns[at].meaning, field: f, col: col, mapped: true}
		if col.Type == "" {
			c.col.Type = typeOf(col.Field, known)
		}
		if f.kind == scalar && f.part == salutation && col.Values == nil {
			g.genderValues(c)
		}
		claims[i] = c
		g.claims = append(g.claims, c)
	}
	g.details()
	if m.Key == "" {
		g.wholeFile()
	}
	columns := make([]Column, len(m.Columns))
	for i, c := range claims {
		if columns[i] = m.Columns[i]; c != nil {
			columns[i] = c.col
		}
	}
	m.Columns = columns
	return m, g.findings
}

// recognise takes from a Mapping without Columns what it says of the file as a
// whole.
func (s *Survey) recognise(said Mapping, known []CustomField) (Mapping, []Finding) {
	m, findings := s.Mapping(known)
	if said.Unmapped != "" {
		m.Unmapped = said.Unmapped
	}
	if said.EmptyCells != "" {
		m.EmptyCells = said.EmptyCells
	}
	if m.Key = said.Key; m.Key == "" {
		return m, findings
	}
	kept := findings[:0]
	for _, f := range findings {
		if f.Code != NoKey {
			kept = append(kept, f)
		}
	}
	return m, kept
}
