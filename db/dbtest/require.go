package dbtest

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// Require skips the test when what it needs (such as "postgres" or "chromium")
// was not found; hint says how to get it. Where the environment variable
// COMPLERO_TEST_REQUIRE, a list separated by commas, names it, the test fails
// instead: a machine that is meant to test everything must not pass by skipping.
func Require(t testing.TB, what string, found bool, hint string) {
	t.Helper()
	switch {
	case found:
	case required(os.Getenv("COMPLERO_TEST_REQUIRE"), what):
		t.Fatalf("%s was not found, and COMPLERO_TEST_REQUIRE demands it: %s", what, hint)
	default:
		t.Skipf("%s was not found: %s", what, hint)
	}
}

func required(list, what string) bool {
	return slices.ContainsFunc(strings.Split(list, ","), func(name string) bool {
		return strings.TrimSpace(name) == what
	})
}
