package table

import "bytes"

// layout is how a file arranges its objects.
type layout struct {
	lines bool  // one a line
	list  int64 // where the list begins, within the text; 0: at its begin, or there is none
}

// arrangement tells how objects are arranged, by the beginning of a file.
func arrangement(head []byte, whole bool) layout {
	if trimmed := bytes.TrimLeft(head, " \t\r\n"); len(trimmed) == 0 || trimmed[0] != '{' {
		return layout{lines: len(trimmed) == 0 || trimmed[0] != '['}
	}
	n := objectLength(bytes.TrimLeft(head, " \t\r\n"))
	skipped := len(head) - len(bytes.TrimLeft(head, " \t\r\n"))
	alone := n > 0 && whole && len(bytes.TrimSpace(head[skipped+n:])) == 0
	if alone || n == 0 && len(head) >= 1<<20 {
		if at := listWithin(head); at > 0 {
			return layout{list: at}
		}
	}
	good, lines := 0, 0
	for line := range bytes.SplitSeq(head, []byte{'\n'}) {
		line = bytes.TrimSpace(line)
		if len(line) == 0 {
			continue
		}
		if lines++; line[0] == '{' && (&walker{}).walk(bytes.TrimSuffix(line, []byte{','})) == nil {
			good++
		}
		if lines == 20 {
			break
		}
	}
	// An object written over many lines has lines that are objects too, but
	// the first is not, and seldom most.
	return layout{lines: 2*good >= lines && good > 0 || n == 0 && lines == 1}
}

// objectLength is the length of the object that b begins with; 0 if it does
// not end within b.
func objectLength(b []byte) int {
	s := splitter{}
	return s.scan(b)
}

// listWithin returns where the first list of objects begins that stands within
// nothing but objects, as in {"data": {"contacts": [{…; 0 if there is none.
func listWithin(head []byte) int64 {
	w := walker{data: head}
	for depth := 0; depth < maxDepth; {
		switch w.peek() {
		case '{':
			w.at++
			depth++
			if w.peek() == '}' {
				return 0
			}
		case ',':
			w.at++
		case '}':
			w.at++
			if depth--; depth == 0 {
				return 0
			}
			continue
		default:
			return 0
		}
		if w.peek() != '"' {
			return 0
		}
		key, err := w.string()
		if err != nil || w.peek() != ':' {
			return 0
		}
		own := ownNames[string(key)] || ownNames[string(key)+"[]"]
		w.at++
		switch w.peek() {
		case '{':
			if !own {
				continue
			}
		case '[':
			start := w.at
			w.at++
			if w.peek() == '{' && !own {
				return int64(start)
			}
			w.at = start
		}
		if w.value() != nil {
			return 0
		}
	}
	return 0
}
