// Command s3test is the S3 server that the tests of kernel/store run: a gateway
// onto a folder. It is a module of its own, so that its many requirements stay
// out of the program.
//
//	s3test FOLDER ACCESS SECRET
//
// It prints "listening" and its address when it does and ends when its standard input does,
// so it never outlives the test.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/embedgw"
)

func main() {
	if err := run(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(folder, access, secret string) error {
	data, side := filepath.Join(folder, "data"), filepath.Join(folder, "meta")
	if err := errors.Join(os.MkdirAll(data, 0o755), os.MkdirAll(side, 0o755)); err != nil {
		return err
	}
	sidecar, err := meta.NewSideCar(side) // not every file system keeps attributes
	if err != nil {
		return err
	}
	be, err := posix.New(data, sidecar, posix.PosixOpts{SideCarDir: side})
	if err != nil {
		return err
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	address := free.Addr().String()
	if err := free.Close(); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	go func() {
		for ctx.Err() == nil {
			conn, err := net.DialTimeout("tcp", address, time.Second)
			if err == nil {
				_ = conn.Close()
				fmt.Println("listening", address)
				return
			}
		}
	}()
	return embedgw.RunVersityGW(ctx, be, &embedgw.Config{
		RootUserAccess: access, RootUserSecret: secret, Region: "us-east-1", Ports: []string{address},
		MaxConnections: 1000, MaxRequests: 1000, MultipartMaxParts: 10000, Quiet: true, KeepAlive: true,
	})
}
