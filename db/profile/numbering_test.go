package profile

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"
)

// The numbers that commonNumber reads by itself are read as the full parser
// would, wherever that one knows what answers at them.
func TestCommonNumbersAgreeWithTheParser(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for _, plan := range numberings {
		for _, r := range plan.ranges {
			for _, prefix := range strings.Fields(r.prefixes) {
				known := 0
				for i := range 30 {
					national := prefix
					for length := r.min + i%(r.max-r.min+1); len(national) < length; {
						national += string(rune('0' + rnd.IntN(10)))
					}
					known += agrees(t, plan, r, national)
				}
				if known == 0 {
					t.Errorf("%s: the parser knows no number beginning with %s", plan.country, prefix)
				}
			}
		}
	}
}

// agrees compares one number in several spellings, and returns 1 if the parser
// knows its kind.
func agrees(t *testing.T, plan numbering, r numberRange, national string) int {
	t.Helper()
	spellings := []string{
		plan.trunk + national, "+" + plan.code + " " + national, "00" + plan.code + national,
		"+" + plan.code + " (" + plan.trunk + ")" + national,
	}
	n, err := phonenumbers.Parse("+"+plan.code+national, plan.country)
	if err != nil || phonenumbers.IsPossibleNumberWithReason(n) != phonenumbers.IS_POSSIBLE {
		t.Errorf("+%s %s is not possible to the parser: %v", plan.code, national, err)
		return 0
	}
	for _, s := range spellings {
		number, kind, ok := commonNumber(s, plan.country)
		if parsed, err := phonenumbers.Parse(s, plan.country); err != nil || number != phonenumbers.Format(parsed, phonenumbers.E164) {
			t.Errorf("%s: read as %s (%v)", s, number, ok)
		}
		if kind != r.kind {
			t.Errorf("%s: read as %s", s, kind)
		}
	}
	switch parsed := phonenumbers.GetNumberType(n); parsed {
	case phonenumbers.UNKNOWN:
		return 0
	default:
		if kindOf(parsed) != r.kind {
			t.Errorf("+%s %s is %v to the parser", plan.code, national, parsed)
		}
		return 1
	}
}
