package theme

import (
	"strings"
	"testing"
)

func TestRenderIsSafeForConcurrentUse(t *testing.T) {
	layout := mustLayout(t, mustRead(t, "testdata/request.md"), DefaultBrand("Example"), testFrame(), requestFields)
	want := mustRender(t, layout, requestValues())
	done := make(chan Rendered)
	for i := range 8 {
		go func() {
			values := requestValues()
			if i%2 == 0 {
				values["employee"], values["askAddress"] = "", ""
			}
			var r Rendered
			for range 50 {
				r, _ = layout.Render(values)
			}
			done <- r
		}()
	}
	same := 0
	for range 8 {
		if <-done == want {
			same++
		}
	}
	if same != 4 {
		t.Errorf("%d of 4 are the same", same)
	}
}

func TestLayoutBoundsItsVariants(t *testing.T) {
	var source strings.Builder
	source.WriteString("Subject: A\n\n")
	fields := strings.Split("a b c d e f g h i j", " ")
	for _, f := range fields {
		source.WriteString("{% if " + f + " %}" + f + "{% endif %}")
	}
	source.WriteString(".")
	layout := mustLayout(t, source.String(), DefaultBrand("Example"), Frame{}, fields)
	for key := range 1 << len(fields) {
		values, want := map[string]string{}, ""
		for bit, f := range fields {
			if key&(1<<bit) != 0 {
				values[f], want = "x", want+f
			}
		}
		if r := mustRender(t, layout, values); r.Text != want+".\n" {
			t.Fatalf("got %q, want %q", r.Text, want)
		}
	}
	if len(layout.variants) != maxVariants {
		t.Errorf("%d variants are kept", len(layout.variants))
	}
}

func BenchmarkRender(b *testing.B) {
	layout := mustLayout(b, mustRead(b, "testdata/request.md"), DefaultBrand("Example"), testFrame(), requestFields)
	values := requestValues()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := layout.Render(values); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLayoutCompile(b *testing.B) {
	layout := mustLayout(b, mustRead(b, "testdata/request.md"), DefaultBrand("Example"), testFrame(), requestFields)
	for b.Loop() {
		layout.compile(func(int) bool { return true })
	}
}
