package dashboard

import (
	"strconv"
	"strings"

	"complero/frontend/dashboard/query"
)

// fieldTexts writes one text for each language as lines: "de: Fahrzeug".
func fieldTexts(labels []query.FieldText) string {
	var lines []string
	for _, l := range labels {
		lines = append(lines, l.Locale+": "+l.Label)
	}
	return strings.Join(lines, "\n")
}

// readFieldTexts reads what fieldTexts writes, parted by lines or otherwise. A
// text without a language is left without, for the API to say so.
func readFieldTexts(text, parted string) []query.CustomFieldLabelInput {
	labels := []query.CustomFieldLabelInput{}
	for part := range strings.SplitSeq(text, parted) {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		locale, label, some := strings.Cut(part, ":")
		if !some {
			locale, label = "", part
		}
		labels = append(labels, query.CustomFieldLabelInput{Locale: strings.TrimSpace(locale), Label: strings.TrimSpace(label)})
	}
	return labels
}

// fieldChoices writes choices as lines: "red = de: Rot; en: Red".
func fieldChoices(choices []query.FieldChoice) string {
	var lines []string
	for _, c := range choices {
		line := c.Value
		if len(c.Labels) > 0 {
			line += " = " + strings.ReplaceAll(fieldTexts(c.Labels), "\n", "; ")
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func numeral(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}

func decimal(n *float64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatFloat(*n, 'f', -1, 64)
}
