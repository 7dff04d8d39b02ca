package graph_test

import (
	"testing"

	"golang.org/x/image/font/gofont/goregular"
)

func TestAFontComesByMultipart(t *testing.T) {
	a := one(t)
	const mutation = `{"query": "mutation($input: FontUploadInput!) {fontUpload(input: $input) {font {id family lightest italic serif bytes url licence coverage {subset has of}} userErrors {code path message}}}", "variables": {"input": {"file": null, "licence": "BSD"}}}`
	send := func(file []byte) *reply {
		body, kind := multipartBody(t, mutation, `{"0": ["variables.input.file"]}`, file)
		return a.send(a.live, body, kind)
	}
	equal(t, "no font", send([]byte("<svg/>")).text("fontUpload.userErrors.0.message"), "the font is no font file that we know; upload a WOFF2, TTF or OTF")
	got := send(goregular.TTF)
	equal(t, "family", got.text("fontUpload.font.family")+got.text("fontUpload.font.lightest")+got.text("fontUpload.font.licence"), "Go400BSD")
	equal(t, "coverage", got.text("fontUpload.font.coverage.0.subset"), "latin")
	id := got.text("fontUpload.font.id")
	equal(t, "the list", a.must(a.test, "{fonts {id}}").text("fonts.0.id"), id)
	equal(t, "in test mode", a.call(a.test, `mutation {fontDelete(input: {id: "`+id+`"}) {userErrors {code}}}`).text("fontDelete.userErrors.0.code"), "LIVE_ONLY")
	gone := a.run(a.live, "fontDelete", "font { family }", map[string]any{"id": id})
	equal(t, "deleted", gone.text("payload.font.family"), "Go")
}
