package db

import (
	"crypto/sha256"
	"encoding/binary"
	"strings"

	"go.jetify.com/typeid/base32"
)

// eventID makes an event's id from what names it already: a fold of Company
// and mode, and the number. So the largest table needs neither an id column
// nor an index over one.
func eventID(company int64, mode Mode, number int64) string {
	var id [16]byte
	fold := eventFold(company, mode)
	copy(id[:8], fold[:8])
	binary.BigEndian.PutUint64(id[8:], uint64(number))
	return "event_" + base32.Encode(id)
}

// eventNumber reads an id back; 0 if it is no event's id of this Company and mode.
func eventNumber(id string, company int64, mode Mode) int64 {
	text, found := strings.CutPrefix(id, "event_")
	if !found || len(text) != 26 {
		return 0
	}
	b, err := base32.Decode(text)
	if err != nil || len(b) != 16 {
		return 0
	}
	fold := eventFold(company, mode)
	if string(b[:8]) != string(fold[:8]) {
		return 0
	}
	return max(0, int64(binary.BigEndian.Uint64(b[8:])))
}

func eventFold(company int64, mode Mode) [32]byte {
	var place [16]byte
	binary.BigEndian.PutUint64(place[:8], uint64(company))
	binary.BigEndian.PutUint64(place[8:], uint64(mode))
	return sha256.Sum256(place[:])
}
