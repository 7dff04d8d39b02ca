package main_test

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"complero/db/dbtest"
)

// The benchmarks run the program as a user does, as a process of its own, and
// in the same run what cannot be beaten by doing the same work: figures of a
// machine that others share mean little, the share of the limit means
// something. A round of a benchmark is one round of the program and one of its
// limit, so that both see the same noise:
//
//	go test -run '^$' -bench . -benchtime 3x ./server
//
// What asks, and PostgreSQL, share the processors with the program.

// A figure is how much was done in how long.
type figure struct {
	done int
	took time.Duration
}

func (f *figure) add(done int, took time.Duration) {
	f.done += done
	f.took += took
}

func (f *figure) perSecond() float64 { return float64(f.done) / f.took.Seconds() }

// reportRate tells how much the program did in a second.
func reportRate(b *testing.B, what string, did figure) {
	b.Helper()
	b.ReportMetric(0, "ns/op") // of a round, which says nothing
	b.ReportMetric(did.perSecond(), what+"/s")
}

// reportShare tells how much of its limit the program reached.
func reportShare(b *testing.B, what string, did, limit figure) {
	b.Helper()
	reportRate(b, what, did)
	b.ReportMetric(limit.perSecond(), "limit/s")
	b.ReportMetric(100*did.perSecond()/limit.perSecond(), "%limit")
}

// benchInstall starts the program on an engine, without a limit on uploads.
func benchInstall(b *testing.B, engine dbtest.Engine, settings ...string) *installation {
	b.Helper()
	i := install(b, engine, append([]string{"--upload-rate", "0"}, settings...)...)
	i.start()
	return i
}

// databaseURL is where an installation on PostgreSQL keeps its rows.
func (i *installation) databaseURL() string {
	for n, name := range i.settings {
		if name == "--database" {
			return i.settings[n+1]
		}
	}
	return ""
}

// analyze does at once what PostgreSQL does within a minute wherever a server
// runs: learn how large the tables have become.
func (i *installation) analyze(b *testing.B) {
	b.Helper()
	if url := i.databaseURL(); url != "" {
		if err := rawConn(b, url).Exec(b.Context(), "ANALYZE").Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// reportPeak tells the largest memory that the program has had, where Linux
// tells it.
func (i *installation) reportPeak(b *testing.B) {
	b.Helper()
	if peak := i.peak(); peak > 0 {
		b.ReportMetric(peak, "peak-MB")
	}
}

// peak is the largest memory that the program has had, in MB.
func (i *installation) peak() float64 { return peakOf(i.t, i.process.Process.Pid) }

// peakOf is the largest memory that a process has had, in MB; 0 where Linux
// does not tell it, or not any more.
func peakOf(t testing.TB, process int) float64 {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", process))
	if err != nil {
		return 0
	}
	for line := range bytes.Lines(status) {
		text, found := strings.CutPrefix(string(line), "VmHWM:")
		if !found {
			continue
		}
		kilobytes, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(text), " kB"))
		if err != nil {
			t.Fatal(err)
		}
		return float64(kilobytes) / 1024
	}
	return 0
}

// lastNumber is how many events a Company has.
func (i *installation) lastNumber(key string) int {
	i.t.Helper()
	var got struct {
		Events struct{ Nodes []struct{ Number int } }
	}
	i.call(key, `{ events(last: 1) { nodes { number } } }`, nil, &got)
	if len(got.Events.Nodes) == 0 {
		return 0
	}
	return got.Events.Nodes[0].Number
}

// awaitNumber waits until a Company has so many events.
func (i *installation) awaitNumber(key string, number int) {
	i.t.Helper()
	for range 6000 {
		if i.lastNumber(key) >= number {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	i.t.Fatalf("there are %d events after a minute, not %d:\n%s", i.lastNumber(key), number, i.log)
}
