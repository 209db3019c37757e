package storetest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Cluster is a private PostgreSQL server that listens on a socket in its own
// folder.
type Cluster struct {
	dir     string
	bin     string
	durable bool
	cred    *syscall.Credential // nil unless we are root, as whom PostgreSQL refuses to run
	life    io.Closer           // the server stops when this is closed
	server  *exec.Cmd
	names   atomic.Int64
}

// shared is the cluster of this test binary.
var shared = sync.OnceValues(func() (*Cluster, error) { return start(false) })

// Own starts a cluster for one test alone, that may kill it. With durable set
// every commit reaches the disk, as in production; the shared one skips that.
func Own(t testing.TB, durable bool) *Cluster {
	t.Helper()
	c, err := start(durable)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.end)
	return c
}

// URL is the address of the database name in the cluster.
func (c *Cluster) URL(name string) string {
	return "postgres:///" + name + "?host=" + c.dir + "&user=gongkai"
}

// Create makes an empty database and returns its address.
func (c *Cluster) Create(t testing.TB) string {
	t.Helper()
	name, err := c.create("template1")
	if err != nil {
		t.Fatal(err)
	}
	return c.URL(name)
}

func (c *Cluster) create(template string) (string, error) {
	name := "t" + strconv.FormatInt(c.names.Add(1), 10)
	return name, c.admin("create database " + name + " template " + template)
}

func (c *Cluster) drop(name string) error { return c.admin("drop database " + name + " with (force)") }

func (c *Cluster) admin(statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, c.URL("postgres"))
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, statement)
	return errors.Join(err, conn.Close(ctx))
}

func start(durable bool) (*Cluster, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	c := &Cluster{bin: bin, durable: durable}
	// A socket's path ends at 107 bytes, and TMPDIR may be long.
	if c.dir, err = os.MkdirTemp("/tmp", "gkpg"); err != nil {
		return nil, err
	}
	if os.Geteuid() == 0 {
		if c.cred, err = postgresUser(); err != nil {
			return nil, err
		}
		if err := os.Chown(c.dir, int(c.cred.Uid), int(c.cred.Gid)); err != nil {
			return nil, err
		}
	}
	init := c.command(filepath.Join(bin, "initdb"), "-D", c.dir+"/data", "-U", "gongkai",
		"-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions")
	if out, err := init.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w\n%s", err, out)
	}
	if err := c.Start(); err != nil {
		c.end()
		return nil, err
	}
	return c, nil
}

// Start starts the server and waits until it answers.
func (c *Cluster) Start() error {
	args := []string{"-D", c.dir + "/data", "-k", c.dir, "-c", "listen_addresses=",
		"-c", "max_connections=200", "-c", "logging_collector=off"}
	if !c.durable {
		args = append(args, "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off")
	}
	// The shell waits on a pipe that only this process holds. When this process
	// ends, even by SIGKILL, the pipe closes, the server is told to stop at once
	// and the folder goes away.
	const script = `"$@" >"$dir/log" 2>&1 & server=$!; read line; kill -QUIT $server; wait $server; test "$line" = keep || rm -rf "$dir"`
	cmd := c.command("/bin/sh", append([]string{"-c", script, "sh", filepath.Join(c.bin, "postgres")}, args...)...)
	cmd.Env = append(os.Environ(), "dir="+c.dir)
	cmd.SysProcAttr.Setpgid = true // Ctrl-C is for the tests, not for the server
	life, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	c.life, c.server = life, cmd
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, c.URL("postgres"))
		if err == nil {
			return conn.Close(ctx)
		}
		if ctx.Err() != nil {
			log, _ := os.ReadFile(c.dir + "/log")
			return fmt.Errorf("PostgreSQL does not answer: %w\n%s", err, log)
		}
		pause, done := context.WithTimeout(ctx, 20*time.Millisecond)
		<-pause.Done()
		done()
	}
}

// Kill stops the server at once, as a crash would; its data stay for Start.
func (c *Cluster) Kill() error {
	_, err := io.WriteString(c.life.(io.Writer), "keep\n")
	_ = c.server.Wait() // its exit code is that of a killed server
	return err
}

func (c *Cluster) end() {
	if c.life != nil {
		_ = c.life.Close()
		_ = c.server.Wait()
	}
	_ = os.RemoveAll(c.dir)
}

func (c *Cluster) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir = c.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.cred}
	return cmd
}

// binaries finds the newest PostgreSQL on the machine.
func binaries() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		return "", err
	}
	sort.Slice(found, func(i, j int) bool { return version(found[i]) < version(found[j]) })
	if len(found) > 0 {
		return filepath.Dir(found[len(found)-1]), nil
	}
	path, err := exec.LookPath("initdb")
	if err != nil {
		return "", errors.New("these tests need PostgreSQL: apt-get install postgresql-15 " +
			"(or GONGKAI_TEST_SQLITE_ONLY=1 for a quick look without it)")
	}
	return filepath.Dir(path), nil
}

func version(path string) int {
	n, _ := strconv.Atoi(strings.Split(path, "/")[4])
	return n
}

func postgresUser() (*syscall.Credential, error) {
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, e1 := strconv.ParseUint(u.Uid, 10, 32)
		gid, e2 := strconv.ParseUint(u.Gid, 10, 32)
		if err := errors.Join(e1, e2); err != nil {
			return nil, err
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("no user postgres or nobody to run PostgreSQL as")
}
