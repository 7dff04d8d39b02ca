package db_test

import (
	"strings"
	"testing"
	"time"

	"complero/db"
)

func TestACheckCodeTellsWhoWroteAndWhen(t *testing.T) {
	withAsker(t, func(a *asker) {
		requests := a.ask(a.live, "K-1")
		code := requests[0].CheckCode()
		if len(code) != 11 || code[5] != '-' {
			a.Fatalf("the code is %q", code)
		}
		if w, err := a.store.Written(a.Context(), code); err != nil || w != nil {
			a.Errorf("what was not sent is known: %+v, %v", w, err)
		}
		out := a.claim(a.live)
		if out[0].CheckCode != code {
			a.Errorf("the message says %q", out[0].CheckCode)
		}
		a.record(a.live, db.DeliveryOutcome{DeliveryID: out[0].DeliveryID, RequestID: requests[0].ID, Status: db.DeliverySent})
		for _, typed := range []string{
			code, strings.ToLower(code), strings.ReplaceAll(code, "-", ""), " " + code[:5] + " " + code[6:] + " ",
			strings.NewReplacer("0", "o", "1", "l").Replace(code), "\u200e" + code, strings.ReplaceAll(code, "-", "–"),
		} {
			w, err := a.store.Written(a.Context(), typed)
			if err != nil || w == nil || w.Name == "" || w.Mode != db.Live || w.On.Format(time.DateOnly) != requests[0].CreatedAt.In(w.On.Location()).Format(time.DateOnly) || w.On.Location().String() != "Europe/Berlin" {
				a.Errorf("%q: %+v, %v", typed, w, err)
			}
		}
		last := map[byte]string{'0': "1"}[code[10]]
		if last == "" {
			last = "0"
		}
		if w, err := a.store.Written(a.Context(), code[:10]+last); err != nil || w != nil {
			a.Errorf("another code is known: %+v, %v", w, err)
		}
		if w, err := a.store.Written(a.Context(), "ZZZZZ-ZZZZZ"); err != nil || w != nil {
			a.Errorf("the last code is known: %+v, %v", w, err)
		}
		for _, typed := range []string{"", "x", code + "0", "UUUUU-UUUUU", "ÄÄÄÄÄ-ÄÄÄÄÄ", strings.Repeat("0", 10_000), "00000\x0000000"} {
			if _, err := a.store.Written(a.Context(), typed); db.CodeOf(err) != db.Invalid {
				a.Errorf("%.20q: %v", typed, err)
			}
		}
	})
}

func FuzzCheckCode(f *testing.F) {
	f.Add("7K3QF-2MXD9")
	f.Add("zzzzzzzzzz")
	f.Add("o0iIlL1 -\u00a0")
	f.Fuzz(func(t *testing.T, typed string) {
		hash, ok := db.HashOfCheckCode(typed)
		if !ok {
			return
		}
		code := db.CheckCodeOf(hash)
		again, ok := db.HashOfCheckCode(code)
		if !ok || string(again) != string(hash) {
			t.Errorf("%q is %q, which is another", typed, code)
		}
	})
}
