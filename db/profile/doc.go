// Package profile holds what is known of a Contact and the rules about it:
// the fields, how uploads and answers are read, normalised and validated, how
// two states differ, and how a statement is merged into what is on file so
// that each field knows who said it and when.
//
// The way of an item is Input (as it arrived) → Normalize → Statement (what is
// said, by whom, when) → Merge → the Profile to keep, its Provenance, the
// Changes for the event log and what was Kept against the speaker's word.
//
// What a Company has defined of its own fields (Definition) comes in through
// Defaults; whether the Contact may see or change a field is decided in db.
//
// No SQL, no Company, no Request lives here, and nothing is imported from the
// rest of the module. Ids, clocks and the Company's country are passed in.
package profile
