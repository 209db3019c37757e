#!/bin/sh
# Prints the figures of docs/benchmarks.md with the machine's data. Run it on a
# quiet machine; it takes a few minutes and needs PostgreSQL.
set -eu
cd "$(dirname "$0")/.."
echo "machine: $(nproc) cores, $(awk '/MemTotal/ {printf "%d GiB", $2/1048576}' /proc/meminfo), $(awk -F': ' '/model name/ {print $2; exit}' /proc/cpuinfo)"
echo "$(go version), $(date -u +%Y-%m-%d), commit $(git rev-parse --short HEAD 2>/dev/null || echo unknown)"
run() { go test "./$1" -run '^$' -bench "$2" -benchtime "$3" | grep -E '^(Benchmark|---|FAIL|panic)' || true; }
echo; echo "## Reading plans (goal: our plan in 50 ms; 300 pages in 2 s and 200 MB)"
run area/plan/reader 'RealPlan|LongProse|LongTable' 5x
run kernel/document . 5x
echo; echo "## Deadlines (goal: 1,000,000 in 2 s)"
run kernel/calendar Deadlines 3x
echo; echo "## Matrix of 60 measures × 200 units, lists (goal: page p99 60 ms)"
run area/plan 'Matrix|Page|Views' 100x
echo; echo "## To-do list (goal: 15 ms)"
run kernel/process Todos 50x
echo; echo "## Evidence, 64 clients (goal: 300/s on SQLite, 1,000/s on PostgreSQL, reading p99 50 ms)"
run area/plan Evidence 6000x
echo; echo "## Audit (goal: 200,000 records/s verified)"
run kernel/audit . 3x
echo; echo "## Units of work"
run kernel/store Do 3000x
echo; echo "## Checks (goal: a draft of 2,000 characters in 2 ms with all rules; spelling 1 MB/s)"
run kernel/check/standard Draft 500x
run kernel/check/spell . 20x
echo; echo "## Crawling and reading websites"
run area/inspect/read . 50x
echo; echo "## 50,000 terms in Chinese text, beside other libraries (goal: 40 MB/s, ready in 1 s, 60 MB, twice the fastest in Go)"
(cd tools/matchbench && go run . -mb 4)
