package model

// Node is whatever has an id of its own.
type Node any
