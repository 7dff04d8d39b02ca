package browsertest

import (
	"bytes"
	"fmt"
	"image/png"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

const page = `<!doctype html><html lang="en"><title>Form</title>
<h1 id="h">written by hand</h1>
<script>document.getElementById("h").textContent = "written by a script"</script>
<form method="post"><input name="city" id="city"><button id="send">Send</button></form>`

func serve(t *testing.T, html string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/favicon.ico":
			w.WriteHeader(http.StatusNoContent)
		case r.Method == http.MethodPost:
			fmt.Fprintf(w, `<p id="thanks">Thanks for %s</p>`, r.PostFormValue("city"))
		default:
			fmt.Fprint(w, html)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestWithoutJavaScriptStopsOnlyThePagesScripts(t *testing.T) {
	tests := []struct {
		name string
		opts []Option
		want string
	}{
		{"with", nil, "written by a script"},
		{"without", []Option{WithoutJavaScript()}, "written by hand"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ctx := New(t, test.opts...)
			if err := chromedp.Do(ctx, chromedp.Navigate(serve(t, page))); err != nil {
				t.Fatal(err)
			}
			got, err := chromedp.Run(ctx, chromedp.Text(chromedp.CSS("#h")))
			if err != nil || got != test.want {
				t.Errorf("heading = %q, %v, want %q", got, err, test.want)
			}
			if err := chromedp.Do(ctx,
				chromedp.SendKeys(chromedp.CSS("#city"), "Mainz"),
				chromedp.Click(chromedp.CSS("#send")),
				chromedp.WaitVisible(chromedp.CSS("#thanks")),
			); err != nil {
				t.Fatal(err)
			}
			got, err = chromedp.Run(ctx, chromedp.Text(chromedp.CSS("#thanks")))
			if want := "Thanks for Mainz"; err != nil || got != want {
				t.Errorf("after the form: %q, %v, want %q", got, err, want)
			}
		})
	}
}

func TestRecordNotesHostsAndErrors(t *testing.T) {
	var log Log
	ctx := New(t, Record(&log))
	address := serve(t, `<!doctype html><title>Leaky</title>
		<img src="http://elsewhere.example/pixel.png" alt="">
		<script>console.error("it hurts", 7); throw new Error("badly")</script>`)
	if err := chromedp.Do(ctx, chromedp.Navigate(address)); err != nil {
		t.Fatal(err)
	}
	own, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := log.Hosts(), []string{own.Host, "elsewhere.example"}; !slices.Equal(got, want) {
		t.Errorf("hosts = %q, want %q", got, want)
	}
	said := strings.Join(log.Errors(), "\n")
	for _, want := range []string{"it hurts 7", "Error: badly", "elsewhere.example/pixel.png"} {
		if !strings.Contains(said, want) {
			t.Errorf("errors = %q, want one with %q", said, want)
		}
	}
}

func TestScreenshotIsAsWideAsTheViewport(t *testing.T) {
	ctx := New(t, Viewport(800, 600))
	if err := chromedp.Do(ctx, chromedp.Navigate(serve(t, page))); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "page.png")
	Screenshot(t, ctx, file)
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	picture, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil || picture.Width != 800 || picture.Height < 600 {
		t.Errorf("picture of %d by %d, %v, want 800 by at least 600", picture.Width, picture.Height, err)
	}
}
