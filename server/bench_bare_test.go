package main_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// bareKind, in the environment, makes this test program a bare server.
const bareKind = "COMPLERO_BENCH_BARE"

// bareServer runs a bare server, which stands for the limit, as a process of
// its own, as the program is one, and returns its address.
func bareServer(b *testing.B, kind string, input []byte) string {
	b.Helper()
	server := exec.Command(os.Args[0], "-test.run=^TestBareServer$")
	server.Env = append(os.Environ(), bareKind+"="+kind)
	in, err := server.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := server.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := server.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait() // it was killed, as it will say
	})
	if _, err := in.Write(input); err != nil {
		b.Fatal(err)
	}
	if err := in.Close(); err != nil {
		b.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return strings.TrimSpace(line)
}

// TestBareServer is no test: it is where a bare server begins, until it is killed.
func TestBareServer(t *testing.T) {
	kind := os.Getenv(bareKind)
	if kind == "" {
		t.Skip("it serves the benchmarks")
	}
	input, err := io.ReadAll(os.Stdin)
	if err != nil {
		t.Fatal(err)
	}
	var h http.Handler = fromMemory(input)
	if kind == "answers" {
		h = newBareAnswers(t, string(input))
	}
	port, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println(port.Addr())
	t.Fatal(http.Serve(port, h))
}

// fromMemory answers always the same.
type fromMemory []byte

func (body fromMemory) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body)
}
