package main_test

import (
	"bytes"
	"fmt"
	"net/mail"
	"sync"
	"testing"
	"time"

	"complero/db/dbtest"
	"complero/server/deliver/smtptest"
)

// manyContacts are n Contacts from first on, each with an e-mail address.
func manyContacts(first, n int) []map[string]any {
	contacts := make([]map[string]any, n)
	for k := range contacts {
		contacts[k] = map[string]any{
			"externalId": fmt.Sprintf("K-%06d", first+k), "givenName": "Kim", "familyName": fmt.Sprintf("Muster%d", first+k),
			"emails": []any{map[string]any{"address": fmt.Sprintf("kim%d@example.org", first+k)}},
		}
	}
	return contacts
}

// What was answered is stored, and a kill at any moment neither loses nor
// doubles an item or an event.
func TestAKillDuringAnUploadLosesAndDoublesNothing(t *testing.T) {
	onEach(t, func(t *testing.T, engine dbtest.Engine) {
		t.Parallel()
		const calls, size, kills = 50, 1000, 4
		i := install(t, engine, "--upload-rate", "0")
		a := i.setup("Nordlicht")
		i.start()
		ids := make([]string, calls)
		var wait sync.WaitGroup
		turn := make(chan int, calls)
		for n := range calls {
			turn <- n
		}
		close(turn)
		for range 4 {
			wait.Go(func() {
				for n := range turn {
					ids[n] = uploadUntilAnswered(t, i, a.LiveKey, n, size)
				}
			})
		}
		for k := range kills {
			time.Sleep(time.Duration(300+211*k) * time.Millisecond)
			i.kill()
			i.start()
		}
		wait.Wait()
		for n, id := range ids {
			if op := i.finish(a.LiveKey, id); op.Created != size || op.Status != "COMPLETED" {
				t.Fatalf("call %d: %+v", n, op)
			}
		}
		checkUpload(t, i, a.LiveKey, calls*size)
		i.stop()
	})
}

// uploadUntilAnswered repeats a call, with its idempotency key, until the
// program lives long enough to answer it.
func uploadUntilAnswered(t *testing.T, i *installation, key string, n, size int) string {
	var got struct{ ContactsUpload uploaded }
	input := map[string]any{"contacts": manyContacts(n*size, size), "idempotencyKey": fmt.Sprintf("call-%d", n)}
	for range 600 {
		err := i.try(key, contactsUpload, map[string]any{"input": input}, &got)
		if err == nil && len(got.ContactsUpload.UserErrors) == 0 {
			return got.ContactsUpload.Operation.ID
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Errorf("call %d is never answered", n)
	return ""
}

func checkUpload(t *testing.T, i *installation, key string, want int) {
	t.Helper()
	all := i.events(key)
	created := map[string]int{}
	for n, e := range all {
		if e.Number != int64(n+1) {
			t.Fatalf("place %d holds event %d", n+1, e.Number)
		}
		created[*e.ContactExternalID]++
	}
	if len(all) != want || len(created) != want {
		t.Errorf("%d events about %d Contacts, want %d of each", len(all), len(created), want)
	}
	if got := reportOf(t, i, key).Contacts; got != want {
		t.Errorf("the report counts %d Contacts, want %d", got, want)
	}
}

// slowly takes a millisecond for each message, so that a kill comes in the middle.
func slowly(smtptest.Mail) error {
	time.Sleep(time.Millisecond)
	return nil
}

// After a kill, at most as many messages as were claimed go out twice, each
// with the same Message-ID; in the database nothing is doubled.
func TestAKillDuringASendingRepeatsNoMoreThanWasClaimed(t *testing.T) {
	onEach(t, func(t *testing.T, engine dbtest.Engine) {
		t.Parallel() // on PostgreSQL it waits until the killed process's claims run out
		const contacts, claimed, connections = 2000, 50, 2
		sink := smtptest.Start(t, smtptest.Behaviour{Data: slowly})
		i := install(t, engine, "--smtp", sink.URL(), "--upload-rate", "0")
		a := i.setup("Nordlicht")
		i.start()
		for n := range 2 {
			id, err := i.upload(a.LiveKey, manyContacts(n*1000, 1000))
			if err != nil {
				t.Fatal(err)
			}
			i.finish(a.LiveKey, id)
		}
		for n := range 2 {
			askMany(t, i, a.LiveKey, n*1000, 1000)
		}
		for len(sink.Mails()) < 300 {
			time.Sleep(2 * time.Millisecond)
		}
		i.kill()
		i.start()
		allSent(t, i, a.LiveKey, contacts)
		again, people := messageIDs(t, sink)
		if people != contacts || again > claimed*connections {
			t.Errorf("%d people got a message, %d messages came twice; want %d people and at most %d twice", people, again, contacts, claimed*connections)
		}
		i.stop()
	})
}

func askMany(t *testing.T, i *installation, key string, first, n int) {
	t.Helper()
	ids := make([]string, n)
	for k := range ids {
		ids[k] = fmt.Sprintf("K-%06d", first+k)
	}
	var got struct {
		RequestsCreate struct{ UserErrors []userError }
	}
	i.call(key, `mutation($ids: [String!]!) { requestsCreate(input: {contactExternalIds: $ids}) { userErrors { code message path } } }`,
		map[string]any{"ids": ids}, &got)
	if len(got.RequestsCreate.UserErrors) > 0 {
		t.Fatal(got.RequestsCreate.UserErrors)
	}
}

// allSent waits until each Request has exactly one event that says it was sent.
func allSent(t *testing.T, i *installation, key string, want int) {
	t.Helper()
	var sent map[string]int
	for range 240 {
		sent = map[string]int{}
		for _, e := range i.events(key) {
			if e.Kind == "REQUEST_SENT" {
				sent[*e.ContactExternalID]++
			}
		}
		if len(sent) >= want {
			break
		}
		time.Sleep(time.Second)
	}
	for id, n := range sent {
		if n != 1 {
			t.Errorf("%s has %d REQUEST_SENT events", id, n)
		}
	}
	if len(sent) != want {
		t.Fatalf("%d of %d Requests were sent:\n%s", len(sent), want, i.log)
	}
}

// messageIDs counts the messages that came more than once, and the people who got any.
func messageIDs(t *testing.T, sink *smtptest.Server) (again, people int) {
	t.Helper()
	byPerson := map[string]string{}
	for _, m := range sink.Mails() {
		parsed, err := mail.ReadMessage(bytes.NewReader(m.Data))
		if err != nil {
			t.Fatal(err)
		}
		id := parsed.Header.Get("Message-Id")
		if known, ok := byPerson[m.To]; ok {
			again++
			if known != id {
				t.Errorf("the same Delivery went out as %s and as %s", known, id)
			}
		}
		byPerson[m.To] = id
	}
	return again, len(byPerson)
}
