package browsertest

import (
	"context"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"complero/db/dbtest"
)

// patience ends a test whose page never becomes what the test waits for, where
// Patience says nothing else.
const patience = 90 * time.Second

type options struct {
	width, height  int64
	noScripts      bool
	patience       time.Duration
	log            *Log
	host           string
	anyCertificate bool
}

// An Option of New.
type Option func(*options)

// Viewport sets the size of the window in CSS pixels. It is that of a phone, 390 by
// 844, where nothing is said.
func Viewport(width, height int64) Option {
	return func(o *options) { o.width, o.height = width, height }
}

// Patience sets how long the browser lives, for a test that looks at many pages.
func Patience(d time.Duration) Option {
	return func(o *options) { o.patience = d }
}

// WithoutJavaScript stops the pages' own scripts; those of chromedp still run.
func WithoutJavaScript() Option {
	return func(o *options) { o.noScripts = true }
}

// Record notes in log what the pages ask for and what goes wrong in them.
func Record(log *Log) Option {
	return func(o *options) { o.log = log }
}

// Host has a name lead to this machine, as a machine of the house has one in its
// own network: browsers trust localhost without TLS, and no other name.
func Host(name string) Option {
	return func(o *options) { o.host = name }
}

// AnyCertificate has the browser take the certificates of httptest for good.
func AnyCertificate() Option {
	return func(o *options) { o.anyCertificate = true }
}

// New starts a browser with an empty profile, which ends with the test, and gives
// the chromedp context of its one tab. Where there is no Chromium,
// dbtest.Require decides with the name "chromium".
func New(t *testing.T, opts ...Option) context.Context {
	t.Helper()
	o := options{width: 390, height: 844, patience: patience}
	for _, opt := range opts {
		opt(&o)
	}
	path := find()
	dbtest.Require(t, "chromium", path != "", "install Chromium (Debian: apt-get install chromium)")

	ctx, cancel := context.WithTimeout(context.Background(), o.patience)
	t.Cleanup(cancel)
	// Without a user data folder named here, chromedp makes a new one and removes it
	// when the browser has gone.
	ctx, cancel = chromedp.NewExecAllocator(ctx, flags(path, o)...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)

	if o.log != nil {
		if err := chromedp.Listen(ctx, o.log.note); err != nil {
			t.Fatalf("start Chromium: %v", err)
		}
	}
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(o.width, o.height)); err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	noScripts := emulation.SetScriptExecutionDisabledParams{Value: o.noScripts}
	if _, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, noScripts); err != nil {
		t.Fatalf("switch JavaScript: %v", err)
	}
	return ctx
}

// Screenshot writes the whole page, not only what fits the window, as a PNG file.
func Screenshot(t *testing.T, ctx context.Context, file string) {
	t.Helper()
	png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatalf("screenshot: %v", err)
	}
	if err := os.WriteFile(file, png, 0o644); err != nil {
		t.Fatalf("screenshot: %v", err)
	}
}

func find() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

func flags(path string, o options) []chromedp.ExecAllocatorOption {
	rules := "MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1"
	if o.host != "" {
		rules = "MAP " + o.host + " 127.0.0.1, " + rules
	}
	// chromedp's own list holds headless, no-first-run, disable-background-networking
	// and disable-sync, and adds no-sandbox for root, whom Chromium would refuse.
	return append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("no-pings", true),
		chromedp.Flag("host-resolver-rules", rules),
		chromedp.Flag("ignore-certificate-errors", o.anyCertificate),
		chromedp.Flag("lang", "en"),
	)
}
