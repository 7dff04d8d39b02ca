package db

import "hash/maphash"

// seenIDs are the externalIds that stand in a file, as hashes: 8 to 16 bytes
// each, so that a file of millions stays in memory. Two ids with one hash are
// as rare as one in 2^60.
type seenIDs struct {
	seed  maphash.Seed
	slots []uint64 // the hash's upper 40 bits, then the item's number + 1
}

const (
	itemBits = 24
	itemMask = 1<<itemBits - 1
)

// newSeenIDs makes room for some ids.
func newSeenIDs(n int) *seenIDs {
	size := 1024
	for size < n+n/3 {
		size *= 2
	}
	return &seenIDs{seed: maphash.MakeSeed(), slots: make([]uint64, size)}
}

// add notes the id of an item, and returns the first item that has it. What a
// file holds beyond what there is room for is not noted.
func (s *seenIDs) add(id string, item int) (first int) {
	slot, found := s.find(id)
	if found {
		first := int(s.slots[slot]&itemMask) - 1
		if first == item&itemMask {
			return item
		}
		return first
	}
	if slot >= 0 {
		s.slots[slot] = maphash.String(s.seed, id)&^itemMask | uint64(item+1)&itemMask
	}
	return item
}

// has reports whether an item has the id.
func (s *seenIDs) has(id string) bool {
	_, found := s.find(id)
	return found
}

// find returns the id's slot, or the free one where it belongs; -1 if none is.
func (s *seenIDs) find(id string) (slot int, found bool) {
	h := maphash.String(s.seed, id)
	mask := len(s.slots) - 1
	for n := range s.slots {
		slot := (int(h&itemMask) + int(h>>itemBits) + n) & mask
		switch at := s.slots[slot]; {
		case at == 0:
			return slot, false
		case at&^itemMask == h&^itemMask:
			return slot, true
		}
	}
	return -1, false
}
