package graph

import "time"

// Hasten makes streams show that they live, and see to their rights, more often.
func (h *Handler) Hasten(beat time.Duration) { h.streams.beat = beat }

// MaxStreams is maxStreams.
const MaxStreams = maxStreams
