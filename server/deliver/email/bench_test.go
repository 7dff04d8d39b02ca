package email_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"complero/server/deliver/email"
	"complero/server/deliver/smtptest"
)

// connections is how many both clients use.
const connections = 2

// message is as large as a Request's usually is.
func message(b *testing.B) []byte {
	b.Helper()
	m := email.Message{
		ID: "1@example.com", Date: time.Unix(1_800_000_000, 0), From: email.Mailbox{Name: "Defne Kupfer (Nordlicht)", Address: "kontakt@nordlicht.example"},
		To: email.Mailbox{Name: "Juliane Kettenis", Address: "juliane@example.net"}, Subject: "Stimmen Ihre Daten noch?",
		Text: strings.Repeat("Guten Tag, stimmen Ihre Daten noch?\n", 40), HTML: strings.Repeat("<p style=\"margin:0 0 16px\">Stimmen Ihre Daten noch?</p>\n", 90),
	}
	data, err := m.Append(nil)
	if err != nil {
		b.Fatal(err)
	}
	return data
}

// BenchmarkSend is this package, BenchmarkLockstep the least that a client can
// do without PIPELINING, both with the same message to the same sink.
func BenchmarkSend(b *testing.B) {
	data := message(b)
	route, err := email.ParseURL("smtp://" + smtptest.Sink(b) + "?tls=none")
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(data)))
	b.ResetTimer()
	var group sync.WaitGroup
	for range connections {
		group.Go(func() {
			line := route.NewLine()
			defer line.Close()
			batch := make([]email.Envelope, 50)
			for i := range batch {
				batch[i] = email.Envelope{From: "kontakt@nordlicht.example", To: "juliane@example.net", Data: data}
			}
			for n := b.N / connections; n > 0; n -= len(batch) {
				for _, err := range line.Send(b.Context(), batch[:min(n, len(batch))], always) {
					if err != nil {
						b.Error(err)
						return
					}
				}
			}
		})
	}
	group.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
}

func BenchmarkLockstep(b *testing.B) {
	data := message(b)
	sink := smtptest.Sink(b)
	b.SetBytes(int64(len(data)))
	b.ResetTimer()
	if err := smtptest.Lockstep(b.Context(), sink, connections, b.N/connections, "kontakt@nordlicht.example", "juliane@example.net", data); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
}
