package db_test

import (
	"fmt"
	"strings"
	"testing"

	"complero/db"
)

func TestASearchFindsWhatIsOnFileHoweverFarTheIndexIs(t *testing.T) {
	each(t, func(t *testing.T, store *db.Store) {
		live, _ := account(t, store, "Nordlicht")
		other, _ := account(t, store, "Südlicht")
		index := func() {
			if err := store.IndexSearchFrom(t.Context(), 1); err != nil {
				t.Fatal(err)
			}
		}
		found := func(search string) string {
			t.Helper()
			list, err := live.Contacts(t.Context(), db.Page{}, db.ContactFilter{Search: &search}, db.CreatedAtAsc)
			if err != nil {
				t.Fatal(err)
			}
			var ids []string
			for _, c := range list.Nodes {
				ids = append(ids, c.ExternalID())
			}
			return strings.Join(ids, " ")
		}
		want := func(when string, cases map[string]string) {
			t.Helper()
			for search, ids := range cases {
				if got := found(search); got != ids {
					t.Errorf("%s, %q finds %q, want %q", when, search, got, ids)
				}
			}
		}
		upload(t, store, other, `{"externalId":"K-1","familyName":"Zitterbart"}`)
		upload(t, store, live, `{"externalId":"K-1","givenName":"Zoë","familyName":"Zitterbart","emails":[{"address":"zoe@example.org"}]},
			{"externalId":"K-2","familyName":"Kupfer","phones":[{"number":"0160 4905728"}]},{"externalId":"KD-77","familyName":"Frohn"}`)
		first := map[string]string{
			"zitter": "K-1", "tterba": "K-1", "zoe zitt": "K-1", "example.org": "K-1", "0160 4905728": "K-2", "0160/49 05-728": "K-2",
			"+49 160 4905728": "K-2", "05728": "K-2", "kd-77": "KD-77", "nobody": "", "z": "K-1", "zitter kupfer": "", "%": "", "": "K-1 K-2 KD-77",
		}
		want("before there is an index", first)
		index()
		want("by the index", first)
		upload(t, store, live, `{"externalId":"K-1","familyName":"Anders","emails":[]}`, `{"externalId":"K-4","familyName":"Zittau"}`)
		changed := map[string]string{"zitter": "", "anders": "K-1", "zitt": "K-4", "kupfer": "K-2"}
		want("while the index is behind", changed)
		index()
		want("when it has caught up", changed)
		op, err := live.DeleteContacts(t.Context(), db.ContactsDelete{ExternalIDs: []string{"K-1"}})
		fatal(t, err)
		work(t, store, live, op)
		want("after a deletion", map[string]string{"anders": "", "kupfer": "K-2"})
		index()
		if all := fmt.Sprint(store.Dump(t.Context(), "contact_search")); strings.Contains(all, "anders") {
			t.Errorf("the index holds who was deleted: %s", all)
		}
	})
}
