package db

import (
	"encoding/binary"
	"encoding/json"
	"strings"
	"time"

	"go.jetify.com/typeid"
	"go.jetify.com/typeid/base32"
)

// newID makes an id for a noun: a UUIDv7 in base32 behind the noun's name,
// such as contact_01h455vb4pex5vsknk084sn02q. Ids of one noun sort by the
// millisecond in which they were made.
func newID(noun string) string {
	id, err := typeid.WithPrefix(noun)
	if err != nil {
		panic("db: " + noun + " is no prefix for an id") // a constant of ours, never input
	}
	return id.String()
}

// idFloor is the smallest id of a noun that can be made at a time or after it.
func idFloor(noun string, at time.Time) string {
	var id [16]byte
	binary.BigEndian.PutUint64(id[:], uint64(at.UnixMilli())<<16)
	return noun + "_" + base32.Encode(id)
}

// isID reports whether a text has the shape of a noun's id. What has not is
// never looked up: PostgreSQL fails on some texts, such as those with NUL.
func isID(id, of string) bool {
	rest, found := strings.CutPrefix(id, of+"_")
	if !found || len(rest) != 26 {
		return false
	}
	return strings.IndexFunc(rest, func(r rune) bool { return (r < '0' || r > '9') && (r < 'a' || r > 'z') }) < 0
}

// jsonOf encodes what this package itself built: structs, maps and slices of
// plain values, which cannot fail to encode.
func jsonOf(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return "null"
	}
	return string(b)
}
