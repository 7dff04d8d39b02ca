package dashboard

import "strings"

// textOf is what the API says, or "" where it says nothing.
func textOf(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// orNull is a text that says something, or nil.
func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func orZero(n *int) int {
	if n == nil {
		return 0
	}
	return *n
}

// joinFilled joins what is not empty.
func joinFilled(by string, parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, by)
}
