package svg

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A rule of a stylesheet, with one simple selector.
type rule struct {
	selector     string
	weight       int // of its selector: element, class, id
	declarations map[string]string
}

var (
	comments  = regexp.MustCompile(`(?s)/\*.*?\*/|<!--|-->`)
	selectors = regexp.MustCompile(`^([.#]?[A-Za-z_][\w-]{0,80})$`)
	// charset and namespace change nothing of what is seen.
	harmless = regexp.MustCompile(`@(charset|namespace)[^;{}]*;`)
)

// maxRules bounds the work of matching them.
const maxRules = 500

// parseSheet reads the stylesheets that drawing programs write: rules for
// classes, ids and elements. Anything else is refused.
func parseSheet(sheet string) ([]rule, error) {
	sheet = harmless.ReplaceAllString(comments.ReplaceAllString(sheet, " "), " ")
	var rules []rule
	for strings.TrimSpace(sheet) != "" {
		list, rest, opened := strings.Cut(sheet, "{")
		body, rest, closed := strings.Cut(rest, "}")
		if !opened || !closed {
			return nil, fmt.Errorf("has a stylesheet that cannot be read at %q; export it with presentation attributes", shorten(strings.TrimSpace(sheet)))
		}
		for selector := range strings.SplitSeq(list, ",") {
			selector = strings.TrimSpace(selector)
			if !selectors.MatchString(selector) {
				return nil, fmt.Errorf("has a stylesheet with %q, which is not kept; export it with presentation attributes", shorten(selector))
			}
			rules = append(rules, rule{selector, strings.IndexByte(".#", selector[0]) + 1, declarations(body)})
		}
		if len(rules) > maxRules {
			return nil, fmt.Errorf("has a stylesheet of more than %d rules; export it with presentation attributes", maxRules)
		}
		sheet = rest
	}
	slices.SortStableFunc(rules, func(a, b rule) int { return a.weight - b.weight })
	return rules, nil
}

// declarations reads "name: value; …".
func declarations(s string) map[string]string {
	found := map[string]string{}
	for declaration := range strings.SplitSeq(s, ";") {
		if name, value, ok := strings.Cut(declaration, ":"); ok {
			found[strings.TrimSpace(name)] = strings.TrimSpace(value)
		}
	}
	return found
}

// selects reports whether the rule is for an element as it was read.
func (r rule) selects(n *node) bool {
	switch r.selector[0] {
	case '.':
		return slices.Contains(strings.Fields(n.attrs["class"]), r.selector[1:])
	case '#':
		return n.attrs["id"] == r.selector[1:]
	}
	return n.name == r.selector
}
