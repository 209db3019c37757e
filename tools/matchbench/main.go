// Command matchbench compares kernel/check/match with other libraries that find
// many literal terms in a text: the same 50,000 Chinese terms and the same two
// texts, one with few terms in it and one with many, each library in a process of
// its own. It is a module of its own, so that what it compares stays out of the
// program.
//
//	go run . [-mb 50] [-only TEXT]
//
// The Rust and C libraries are compiled here, where cargo, and gcc with libhs, are
// installed. A library is asked for all occurrences, also where they overlap, and
// must count what match counts. Times are those of the processor, so that what
// else the machine does disturbs little, and leave out the reading of files.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
)

func main() {
	size := flag.Int("mb", 50, "size of each text in MB")
	only := flag.String("only", "", "measure only those whose name has this in it, and match")
	child := flag.String("child", "", "measure one library with the files of the folder given (the program calls itself)")
	flag.Parse()
	if err := run(*size, *only, *child, flag.Arg(0)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(size int, only, child, folder string) error {
	if child != "" {
		return measure(child, folder)
	}
	folder, err := os.MkdirTemp("", "matchbench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	c := newCorpus()
	terms := c.terms(50_000)
	for name, text := range map[string]string{
		"terms":  strings.Join(terms, "\n"),
		"sparse": c.text(size*1e6, terms, 2),
		"dense":  c.text(size*1e6, terms, 900),
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	var list []command
	for _, l := range libraries() {
		list = append(list, command{l.name, l.note, []string{self, "-child", l.name}, nil})
	}
	list = append(list, rust(folder)...)
	list = append(list, hyperscan(folder)...)
	return table(list, only, folder, len(terms), size)
}

// command is a library and what measures it; problem says why nothing can.
type command struct {
	name, note string
	args       []string
	problem    error
}

// table measures and prints one line for each library.
func table(list []command, only, folder string, terms, size int) error {
	fmt.Printf("%d terms; two texts of %d MB; processor time, best of 3 runs\n", terms, size)
	fmt.Printf("%-34s %9s %9s %12s %12s %10s %10s  %s\n",
		"library", "build ms", "kept MB", "sparse MB/s", "dense MB/s", "sparse", "dense", "")
	var first figures
	for i, c := range list {
		if i > 0 && !strings.Contains(c.name, only) {
			continue
		}
		if c.problem != nil {
			fmt.Printf("%-34s skipped: %v\n", c.name, c.problem)
			continue
		}
		f, err := ask(c.args, folder)
		if err != nil {
			fmt.Printf("%-34s failed: %v\n", c.name, err)
			continue
		}
		if i == 0 {
			first = f
		}
		note := c.note
		if f.counts != first.counts && note == "" {
			note = "COUNTS DIFFER"
		}
		mb := func(k int) float64 { return float64(f.bytes[k]) / 1e6 / f.seconds[k] }
		fmt.Printf("%-34s %9.0f %9.1f %12.1f %12.1f %10d %10d  %s\n",
			c.name, f.build*1000, float64(f.memory)/1e6, mb(0), mb(1), f.counts[0], f.counts[1], note)
	}
	if first.bytes[0] > 0 {
		fmt.Printf("hits per KB: %.0f in the sparse text, %.0f in the dense one\n",
			1000*float64(first.counts[0])/float64(first.bytes[0]), 1000*float64(first.counts[1])/float64(first.bytes[1]))
	}
	return nil
}

// figures are what is measured of a library: seconds and bytes, and for each text
// seconds, hits and bytes.
type figures struct {
	build   float64
	memory  int64
	seconds [2]float64
	counts  [2]int64
	bytes   [2]int64
}

func (f *figures) fields() []any {
	return []any{&f.build, &f.memory, &f.seconds[0], &f.counts[0], &f.bytes[0], &f.seconds[1], &f.counts[1], &f.bytes[1]}
}

// ask runs a command with the folder and reads the figures that it prints.
func ask(args []string, folder string) (f figures, err error) {
	cmd := exec.Command(args[0], append(args[1:], folder)...)
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
	var problem bytes.Buffer
	cmd.Stderr = &problem
	out, err := cmd.Output()
	if err != nil {
		return f, fmt.Errorf("%w %s", err, firstLine(problem.String()))
	}
	_, err = fmt.Sscan(string(out), f.fields()...)
	return f, err
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return line
}

// measure prints the figures of one Go library.
func measure(name, folder string) error {
	for _, l := range libraries() {
		if l.name != name {
			continue
		}
		data, err := os.ReadFile(filepath.Join(folder, "terms"))
		if err != nil {
			return err
		}
		terms := strings.Split(string(data), "\n")
		var f figures
		before := heap()
		start := processor()
		count := l.build(terms)
		f.build = processor() - start
		f.memory = heap() - before
		for k, file := range []string{"sparse", "dense"} {
			data, err := os.ReadFile(filepath.Join(folder, file))
			if err != nil {
				return err
			}
			text := string(data)
			f.bytes[k] = int64(len(text))
			for range 3 {
				runtime.GC()
				start := processor()
				f.counts[k] = int64(count(text))
				if t := processor() - start; f.seconds[k] == 0 || t < f.seconds[k] {
					f.seconds[k] = t
				}
			}
		}
		fmt.Println(f.build, f.memory, f.seconds[0], f.counts[0], f.bytes[0], f.seconds[1], f.counts[1], f.bytes[1])
		runtime.KeepAlive(terms)
		return nil
	}
	return fmt.Errorf("no library %q", name)
}

// processor is the time that this process has had the processor, in seconds.
func processor() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// heap is what is in use after a collection, in bytes.
func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// rust compiles rust/ and names what it measures.
func rust(folder string) (list []command) {
	program := filepath.Join(folder, "rust", "release", "matchbench")
	problem := compile("cargo", "build", "--quiet", "--release", "--manifest-path", "rust/Cargo.toml", "--target-dir", filepath.Join(folder, "rust"))
	for _, name := range []string{"aho-corasick-dfa", "aho-corasick-nfa", "aho-corasick-0.7-dfa", "aho-corasick-0.7-nfa", "daachorse", "daachorse-charwise"} {
		list = append(list, command{"Rust " + name, "", []string{program, name}, problem})
	}
	return list
}

// hyperscan compiles c/ and names what it measures.
func hyperscan(folder string) []command {
	program := filepath.Join(folder, "hyperscan")
	problem := compile("gcc", "-O2", "-o", program, "c/hyperscan.c", "-lhs")
	return []command{
		{"C Hyperscan, ends only", "", []string{program, "ends"}, problem},
		{"C Hyperscan, starts too", "", []string{program, "starts"}, problem},
	}
}

// compile runs a compiler; its error is one line for people.
func compile(name string, args ...string) error {
	if _, err := exec.LookPath(name); err != nil {
		return fmt.Errorf("%s is not installed", name)
	}
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		if strings.Contains(string(out), "hs.h") {
			return errors.New("libhyperscan-dev or libvectorscan-dev is not installed")
		}
		return fmt.Errorf("%s: %s", name, firstLine(string(out)))
	}
	return nil
}
