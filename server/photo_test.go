package main

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
)

func TestPhotosComeFromPublicAddressesOnly(t *testing.T) {
	for address, want := range map[string]bool{
		"93.184.216.34": true, "2606:2800:220:1::1": true,
		"127.0.0.1": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false, "169.254.169.254": false,
		"100.64.0.1": false, "0.0.0.0": false, "::1": false, "fe80::1": false, "fd00::1": false,
		"64:ff9b::a9fe:a9fe": false, "2002:7f00:1::": false, "224.0.0.1": false,
	} {
		if got := isPublic(netip.MustParseAddr(address)); got != want {
			t.Errorf("isPublic(%s) = %t", address, got)
		}
	}
}

func TestDownloadReachesNothingInside(t *testing.T) {
	var file bytes.Buffer
	if err := png.Encode(&file, image.NewRGBA(image.Rect(0, 0, 4, 4))); err != nil {
		t.Fatal(err)
	}
	asked := 0
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		switch r.URL.Path {
		case "/gone.png":
			http.NotFound(w, r)
		default:
			_, _ = w.Write(file.Bytes())
		}
	}))
	defer host.Close()
	if _, err := download(t.Context(), photoClient(isPublic), host.URL+"/me.png"); err == nil || asked != 0 {
		t.Errorf("a server on this machine was asked %d times: %v", asked, err)
	}
	open := photoClient(func(netip.Addr) bool { return true })
	if data, err := download(t.Context(), open, host.URL+"/me.png"); err != nil || !bytes.Equal(data, file.Bytes()) {
		t.Errorf("%d bytes, %v", len(data), err)
	}
	if _, err := download(t.Context(), open, host.URL+"/gone.png"); err == nil {
		t.Error("what is not there was taken for a picture")
	}
}
