package docs

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// A section is what can be found: a part of a page below one heading, or what
// the reference says of one name.
type section struct {
	// Path is where it is, with the heading's anchor.
	Path, Title string
	// Page is the title of the page that it is on.
	Page string
	// Text is what it says; lower is the same, with the title, in small letters.
	text, lower string
	// reference is whether it is part of the API's reference, which comes after guides that fit as well.
	reference bool
}

// say sets what the section says. What grows in small letters, as few letters of
// few languages do, is kept in small letters only, so that places are the same in both.
func (s *section) say(text string) {
	s.text = strings.Join(strings.Fields(strings.NewReplacer("`", "", "**", "").Replace(text)), " ")
	s.lower = strings.ToLower(s.text)
	if len(s.lower) != len(s.text) {
		s.text = s.lower
	}
}

// A hit is a section that was found.
type hit struct {
	*section
	score int
	// Pieces are the excerpt; every second one is a word that was searched for.
	Pieces []string
}

const (
	// mostWords of a query count, and mostHits are shown.
	mostWords = 8
	mostHits  = 30
	// excerptLength is about how long an excerpt is, in bytes.
	excerptLength = 220
)

// find searches for sections in which all words of a query stand, or parts of words;
// where there are none, for those in which any do. The docs are short enough to be
// read through each time.
func find(index []section, query string) []hit {
	words := wordsOf(query)
	if len(words) == 0 {
		return nil
	}
	hits := findWith(index, words, len(words))
	if len(hits) == 0 && len(words) > 1 {
		hits = findWith(index, words, 1)
	}
	if len(hits) > mostHits {
		hits = hits[:mostHits]
	}
	for i := range hits {
		hits[i].Pieces = excerpt(hits[i].section, words)
	}
	return hits
}

// howMany introduces what was found.
func howMany(hits int) string {
	switch hits {
	case 1:
		return "One place says"
	case mostHits:
		return fmt.Sprintf("The first %d places for", hits)
	}
	return fmt.Sprintf("%d places for", hits)
}

func wordsOf(query string) []string {
	words := strings.FieldsFunc(strings.ToLower(query), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' })
	slices.Sort(words)
	words = slices.Compact(words)
	return words[:min(len(words), mostWords)]
}

func findWith(index []section, words []string, least int) []hit {
	var hits []hit
	for i := range index {
		s := &index[i]
		found, score := 0, 0
		title := strings.ToLower(s.Title)
		for _, word := range words {
			points := min(strings.Count(s.lower, word), 5)
			if at := strings.Index(title, word); at >= 0 {
				points += 20 + 60*len(word)/len(title) // the whole title is more than a part
				if at == 0 {
					points += 20
				}
			}
			if points > 0 {
				found++
			}
			score += points
		}
		if !s.reference {
			score += score / 2
		}
		if found >= least {
			hits = append(hits, hit{section: s, score: found*1000 + score})
		}
	}
	slices.SortStableFunc(hits, func(x, y hit) int { return cmp.Compare(y.score, x.score) })
	return hits
}

// excerpt is the text around the first word that was found, cut where words end.
func excerpt(s *section, words []string) []string {
	first := len(s.lower)
	for _, word := range words {
		if at := strings.Index(s.lower, word); at >= 0 {
			first = min(first, at)
		}
	}
	if first == len(s.lower) {
		first = 0
	}
	from, to := max(first-excerptLength/3, 0), min(first+2*excerptLength/3, len(s.text))
	var before, after string
	if from > 0 {
		if space := strings.IndexByte(s.text[from:first], ' '); space >= 0 {
			from += space + 1
		} else {
			from = first
		}
		before = "… "
	}
	if to < len(s.text) {
		if space := strings.LastIndexByte(s.text[first:to], ' '); space > 0 {
			to = first + space
		} else {
			to = first + max(strings.IndexByte(s.text[first:]+" ", ' '), 0)
		}
		after = " …"
	}
	pieces := mark(s.text[from:to], s.lower[from:to], words)
	pieces[0] = before + pieces[0]
	pieces[len(pieces)-1] += after
	return pieces
}

// mark cuts a text into pieces, of which every second one is one of the words.
func mark(text, lower string, words []string) []string {
	pieces := []string{}
	begin := 0
	for at := 0; at < len(lower); {
		length := 0
		for _, word := range words {
			if strings.HasPrefix(lower[at:], word) {
				length = max(length, len(word))
			}
		}
		if length == 0 {
			at++
			continue
		}
		pieces = append(pieces, text[begin:at], text[at:at+length])
		at += length
		begin = at
	}
	return append(pieces, text[begin:])
}
