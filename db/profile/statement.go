package profile

import (
	"encoding/json"
	"strings"
	"time"
)

// A Speaker is whose word something is: the Contact's own or a Source's.
type Speaker string

// Contact is the Contact's own word.
const Contact Speaker = "contact"

// Source is the word of the Source with that key.
func Source(key string) Speaker { return Speaker("source:" + key) }

// SourceKey is the key of the Source that speaks; "" where it is the Contact.
func (s Speaker) SourceKey() string {
	key, found := strings.CutPrefix(string(s), "source:")
	if !found {
		return ""
	}
	return key
}

// A Statement is what one upload item or answer says, normalised. Whoever
// applies it fills in the exported fields that Input.Normalize leaves empty.
type Statement struct {
	ExternalID string
	Employee   Text // the Employee's externalId; absent says nothing

	// Metadata is the Source's own JSON object; null takes away what there was,
	// nil says nothing.
	Metadata json.RawMessage

	By   Speaker // whose word it is; set by the caller for uploads
	Rank int     // of the Source; 0 is the highest, the central CRM
	// Ranks are those of all Sources now, where they may differ from what they
	// were when something was said.
	Ranks map[Speaker]int
	At    time.Time
	// Observed is when the Source last knew this to be true; zero: unknown.
	Observed time.Time
	// AckedThrough: what the Contact said up to then, this Source has
	// acknowledged to hold. Zero: nothing.
	AckedThrough time.Time

	says      Fields
	scalars   Profile // only its scalars
	noCustom  bool    // every custom field is said to be none
	custom    map[string]any
	emails    []entry
	phones    []entry
	addresses []entry
}

// Says is the set of fields about which anything is said.
func (s *Statement) Says() Fields { return s.says }

// SaysCustom are the keys of the Company's own fields about which anything is
// said, in order; all, that every one of them is said to be none.
func (s *Statement) SaysCustom() (keys []string, all bool) {
	return sortedKeys(s.custom), s.noCustom
}

// rows are what is said of a list. A row's use is "" where none was said.
func (s *Statement) rows(l *list) []entry {
	switch l.field {
	case FieldEmails:
		return s.emails
	case FieldPhones:
		return s.phones
	}
	return s.addresses
}

// word is the provenance of what s says.
func (s *Statement) word() Word {
	w := Word{By: s.By, Rank: s.Rank, At: s.At.UTC().Round(0)}
	if !s.Observed.IsZero() {
		w.Observed = s.Observed.UTC().Round(0)
	}
	return w
}
