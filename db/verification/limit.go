package verification

import "time"

// Tries is how many wrong tries a Contact has before a lock, over all links,
// sessions and addresses from which they come.
const Tries = 5

// How long things last.
const (
	FirstLock = time.Hour      // after the first five wrong tries in a row
	NextLock  = 24 * time.Hour // after each further five
	// SessionTime is how long a success counts, on the device where it was made.
	SessionTime = 30 * time.Minute
	// CodeTime is how long a one-time code counts.
	CodeTime = 10 * time.Minute
	// Memory is how long wrong tries count: whoever comes back after that begins anew.
	Memory = 30 * 24 * time.Hour
)

// MostCodes is how many one-time codes a Contact is sent within CodesTime.
const (
	MostCodes = 3
	CodesTime = time.Hour
)

// LockAfter is how long the last of so many wrong tries in a row locks; 0 if
// there are tries left.
func LockAfter(failures int) time.Duration {
	switch {
	case failures == 0 || failures%Tries != 0:
		return 0
	case failures == Tries:
		return FirstLock
	default:
		return NextLock
	}
}
