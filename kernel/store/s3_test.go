package store_test

import (
	"bufio"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"gongkai/kernel/fault"
	"gongkai/kernel/store"
)

// s3server runs tools/s3test, which ends with the test, and returns where it
// listens, with an empty bucket.
func s3server(t *testing.T) store.S3Config {
	t.Helper()
	program := filepath.Join(t.TempDir(), "s3test")
	build := exec.Command("go", "build", "-o", program, ".") // from the build cache but for the first time
	build.Dir = "../../tools/s3test"
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build the S3 server: %v\n%s", err, out)
	}
	c := store.S3Config{Bucket: "gongkai-files", Region: "us-east-1", Access: "tester", Secret: "tester-secret", Plain: true, Prefix: "district/"}
	cmd := exec.Command(program, t.TempDir(), c.Access, c.Secret)
	cmd.Stderr = os.Stderr
	life, err := cmd.StdinPipe() // the server ends when this closes, however the test ends
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = life.Close()
		_ = cmd.Wait()
	})
	for lines := bufio.NewScanner(out); c.Endpoint == ""; {
		if !lines.Scan() {
			t.Fatal("the S3 server does not listen")
		}
		c.Endpoint, _ = strings.CutPrefix(lines.Text(), "listening ")
		if c.Endpoint == lines.Text() {
			c.Endpoint = "" // it says other things too
		}
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	client, err := minio.New(c.Endpoint, &minio.Options{Creds: credentials.NewStaticV4(c.Access, c.Secret, "")})
	if err != nil {
		t.Fatal(err)
	}
	if err := client.MakeBucket(t.Context(), c.Bucket, minio.MakeBucketOptions{}); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestS3(t *testing.T) {
	c := s3server(t)
	files, err := store.NewS3(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	filesContract(t, files)
	t.Run("a wrong secret is refused, not taken for an outage", func(t *testing.T) {
		wrong := c
		wrong.Secret = "guessed"
		if _, err := store.NewS3(t.Context(), wrong); err == nil || fault.Is(err, fault.Unavailable) {
			t.Fatal(err)
		}
	})
	t.Run("no bucket", func(t *testing.T) {
		wrong := c
		wrong.Bucket = "nobody-made-it"
		if _, err := store.NewS3(t.Context(), wrong); err == nil || fault.Is(err, fault.Unavailable) {
			t.Fatal(err)
		}
	})
	t.Run("no server is an outage", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		wrong := c
		wrong.Endpoint = "127.0.0.1:1"
		if _, err := store.NewS3(ctx, wrong); !fault.Is(err, fault.Unavailable) {
			t.Fatal(err)
		}
	})
}
