#!/bin/sh
# Fuzzes every parser for a while (default 30 s each): sh tools/fuzz.sh [TIME]
set -eu
cd "$(dirname "$0")/.."
time=${1:-30s}
grep -rl --include='*_test.go' '^func Fuzz' area kernel web face app cmd | xargs -n1 dirname | sort -u | while read -r dir; do
	for name in $(grep -h '^func Fuzz' "$dir"/*_test.go | sed 's/func \(Fuzz[A-Za-z0-9_]*\).*/\1/'); do
		echo "$dir $name"
		go test "./$dir" -run '^$' -fuzz "^$name\$" -fuzztime "$time" -fuzzminimizetime 1x | tail -1
	done
done
