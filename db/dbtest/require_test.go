package dbtest

import "testing"

func TestRequiredReadsAList(t *testing.T) {
	tests := []struct {
		list, what string
		want       bool
	}{
		{"", "postgres", false},
		{"postgres", "postgres", true},
		{"postgres,chromium", "chromium", true},
		{"chromium, postgres", "postgres", true},
		{"postgresql", "postgres", false},
	}
	for _, test := range tests {
		if got := required(test.list, test.what); got != test.want {
			t.Errorf("required(%q, %q) = %t, want %t", test.list, test.what, got, test.want)
		}
	}
}
