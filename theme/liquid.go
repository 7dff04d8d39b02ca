package theme

import "strings"

// A node is a piece of a template: text, a merge field, or a choice.
type node struct {
	text    string   // where field < 0 and there are no choices
	field   int      // index into Message.fields, or -1
	choices []choice // of which the first that holds is taken
	button  bool     // the Template's button
}

// A choice is one arm of an if.
type choice struct {
	field  int  // -1 for else
	unless bool // holds where the field is empty
	body   []node
}

// markBase begins the private-use plane whose characters stand for fields
// while Markdown is parsed: to Markdown each is a letter, and no template may
// contain one.
const markBase = 0x100000

func isMark(r rune) bool { return r >= markBase }

// A token is a tag or field between the texts of a template.
type token struct {
	before         string // the text in front of it
	tag            bool   // {% %}, not {{ }}
	inner          string // what stands between the braces, trimmed
	trimmed        bool   // a dash at its end: the text after it loses its leading blanks
	line           int
	aloneOnItsLine bool
	start, end     int // offsets of its braces in the source
}

// liquidParser reads the part of Liquid that Message describes. What it
// accepts means the same to a full Liquid engine, blanks around tags aside.
type liquidParser struct {
	message *Message
	source  string
	at      int
	line    int // of the source's beginning
	trim    bool
}

func (m *Message) parse(source string, line int) ([]node, error) {
	p := &liquidParser{message: m, source: source, line: line}
	nodes, end, err := p.nodes(0)
	if err != nil {
		return nil, err
	}
	if end != nil {
		return nil, p.fault(end, "{%% %s %%} without an if before it", end.inner)
	}
	return nodes, nil
}

// nodes reads up to the end of the source or to a tag that ends or continues
// an if, which it returns.
func (p *liquidParser) nodes(depth int) ([]node, *token, error) {
	var nodes []node
	for {
		t, err := p.next()
		if err != nil {
			return nil, nil, err
		}
		if t == nil {
			return appendText(nodes, p.rest()), nil, nil
		}
		nodes = appendText(nodes, t.before)
		if !t.tag {
			n, err := p.field(t)
			if err != nil {
				return nil, nil, err
			}
			nodes = append(nodes, n)
			continue
		}
		switch word, _, _ := strings.Cut(t.inner, " "); word {
		case "if", "unless":
			n, err := p.choices(t, depth+1)
			if err != nil {
				return nil, nil, err
			}
			nodes = append(nodes, n)
		case "elsif", "else", "endif", "endunless":
			return nodes, t, nil
		default:
			return nil, nil, p.fault(t, "{%% %s %%} is not possible here; there are if, unless, elsif, else, endif and endunless", shorten(t.inner, 40))
		}
	}
}

// choices reads an if from its opening tag to its end.
func (p *liquidParser) choices(open *token, depth int) (node, error) {
	const maxDepth = 20
	if depth > maxDepth {
		return node{}, p.fault(open, "more than %d ifs inside one another", maxDepth)
	}
	opening, _, _ := strings.Cut(open.inner, " ")
	n := node{field: -1}
	for t := open; ; {
		word, condition, _ := strings.Cut(t.inner, " ")
		arm := choice{field: -1}
		if word != "else" {
			index, err := p.lookUp(condition, t, true)
			if err != nil {
				return node{}, err
			}
			p.message.addCondition(index)
			arm = choice{field: index, unless: word == "unless"}
		}
		body, end, err := p.nodes(depth)
		if err != nil {
			return node{}, err
		}
		arm.body = body
		n.choices = append(n.choices, arm)
		if end == nil {
			return node{}, p.fault(open, "{%% %s %%} without its {%% end%s %%}", shorten(open.inner, 40), opening)
		}
		if end.inner == "end"+opening {
			return n, nil
		}
		if word == "else" || strings.HasPrefix(end.inner, "end") || (strings.HasPrefix(end.inner, "else") && end.inner != "else") {
			return node{}, p.fault(end, "{%% %s %%} does not fit the {%% %s %%} of line %d", shorten(end.inner, 40), shorten(open.inner, 40), open.line)
		}
		t = end
	}
}

func (p *liquidParser) field(t *token) (node, error) {
	index, err := p.lookUp(t.inner, t, false)
	if err != nil {
		return node{}, err
	}
	block := index == buttonField || p.message.tables[index]
	if block && (!t.aloneOnItsLine || p.message.line) {
		return node{}, p.fault(t, "{{ %s }} needs a line of its own in the text", t.inner)
	}
	return node{field: index, button: index == buttonField}, nil
}

// lookUp finds the place of what a token names, and gives it one where the
// vocabulary knows it.
func (p *liquidParser) lookUp(inner string, t *token, condition bool) (int, error) {
	m := p.message
	e, err := parseExpression(inner, condition)
	if err != nil {
		return 0, p.fault(t, "%s", err)
	}
	if index, ok := m.index[e.String()]; ok && (index != buttonField || !condition) {
		return index, nil
	}
	if m.vocabulary == nil {
		if _, ok := m.index[e.Field]; ok {
			return 0, p.fault(t, "filters and comparisons are not possible here")
		}
		return 0, p.fault(t, "there is no field %q; there are %s", shorten(e.Field, 40), strings.Join(m.fields, ", "))
	}
	if err := m.vocabulary(e); err != nil {
		return 0, p.fault(t, "%s", err)
	}
	if len(m.fields) >= maxFields {
		return 0, p.fault(t, "the text names more than %d different fields", maxFields)
	}
	return m.addField(e), nil
}

// fault is an error at a token.
func (p *liquidParser) fault(t *token, format string, args ...any) error {
	return errorAt(p.source, t.start, p.line, format, args...)
}

// next reads up to and including the next token, or returns nil where there
// is none.
func (p *liquidParser) next() (*token, error) {
	offset := opening(p.source[p.at:])
	if offset < 0 {
		return nil, nil
	}
	t := &token{start: p.at + offset}
	t.tag = p.source[t.start+1] == '%'
	t.line = p.line + strings.Count(p.source[:t.start], "\n")
	closing := "}}"
	if t.tag {
		closing = "%}"
	}
	length := strings.Index(p.source[t.start+2:], closing)
	if length < 0 {
		return nil, p.fault(t, "%s is not closed by %s", p.source[t.start:t.start+2], closing)
	}
	t.end = t.start + 2 + length + 2
	p.readToken(t, p.source[t.start+2:t.start+2+length])
	return t, nil
}

// opening finds the first {{ or {%, or -1.
func opening(s string) int {
	for from := 0; ; from++ {
		i := strings.IndexByte(s[from:], '{')
		if i < 0 {
			return -1
		}
		from += i
		if strings.HasPrefix(s[from:], "{{") || strings.HasPrefix(s[from:], "{%") {
			return from
		}
	}
}

// readToken sets what is between the braces and how much of the text around
// the token belongs to it, and moves on.
func (p *liquidParser) readToken(t *token, inner string) {
	trimBefore := strings.HasPrefix(inner, "-")
	inner = strings.TrimPrefix(inner, "-")
	t.trimmed = strings.HasSuffix(inner, "-")
	t.inner = strings.Join(strings.Fields(strings.TrimSuffix(inner, "-")), " ")

	lineStart := strings.LastIndexByte(p.source[:t.start], '\n') + 1
	lineEnd := len(p.source)
	if i := strings.IndexByte(p.source[t.end:], '\n'); i >= 0 {
		lineEnd = t.end + i
	}
	t.aloneOnItsLine = strings.Trim(p.source[lineStart:t.start], " \t") == "" && strings.Trim(p.source[t.end:lineEnd], " \t") == ""

	from, to := t.end, t.start
	if t.tag && t.aloneOnItsLine && lineStart >= p.at {
		from, to = min(lineEnd+1, len(p.source)), lineStart
	}
	t.before = p.source[p.at:to]
	if p.trim {
		t.before = strings.TrimLeft(t.before, " \t\n")
	}
	if trimBefore {
		t.before = strings.TrimRight(t.before, " \t\n")
	}
	p.at, p.trim = from, t.trimmed
}

// rest is the text after the last token.
func (p *liquidParser) rest() string {
	if p.trim {
		return strings.TrimLeft(p.source[p.at:], " \t\n")
	}
	return p.source[p.at:]
}

func appendText(nodes []node, text string) []node {
	if text == "" {
		return nodes
	}
	return append(nodes, node{text: text, field: -1})
}

func (m *Message) addCondition(field int) {
	for _, c := range m.conditions {
		if c == field {
			return
		}
	}
	m.conditions = append(m.conditions, field)
}
