# Two commands: `make run` starts gongkai with a demonstration district,
# `make test` runs every check. The rest is for daily work.

export CGO_ENABLED := 0

GONGKAI_DATA ?= ./data
export GONGKAI_DATA

GO_SOURCES := $(shell find . -path ./node_modules -prune -o -path ./data -prune -o -name '*.go' -print)
EMBEDDED := $(shell find web face area kernel -path '*/dist/*' -prune -o \( -name '*.html' -o -name '*.md' -o -name '*.sql' -o -name '*.json' \) -print 2>/dev/null)
FRONT := web/build.js $(shell find web/css web/js area/*/static face/*/static -type f 2>/dev/null)

.PHONY: run test check assets bench bench-inspect docs shots fuzz golden clean

run: bin/gongkai
	@bin/gongkai demo
	@bin/gongkai demo-site & exec bin/gongkai serve

test:
	@sh tools/setup.sh test
	@node tools/test.mjs

# The quick check while working: formatting, vet, SQLite only.
check: web/dist/.built
	@test -z "$$(gofmt -l $(GO_SOURCES))" || { gofmt -l $(GO_SOURCES); exit 1; }
	@go vet ./...
	@GONGKAI_TEST_SQLITE_ONLY=1 go test ./...

bin/gongkai: $(GO_SOURCES) $(EMBEDDED) go.mod go.sum web/dist/.built
	@echo "编译 gongkai（第一次需要几分钟）……"
	@go build -o bin/gongkai ./cmd/gongkai

node_modules/.package-lock.json: package.json package-lock.json
	@npm ci --silent --no-audit --no-fund
	@touch $@

web/dist/.built: node_modules/.package-lock.json $(FRONT)
	@npm run --silent assets
	@touch $@

assets: web/dist/.built

bench: bin/gongkai
	@sh tools/bench.sh

# Inspecting a website beside the link checkers that are installed.
bench-inspect: bin/gongkai
	@go run ./cmd/inspectbench

docs: bin/gongkai
	@bin/gongkai docs docs

shots: bin/gongkai
	@npm run --silent shots

fuzz:
	@sh tools/fuzz.sh

golden:
	@GONGKAI_GOLDEN=write go test ./... -run Golden

clean:
	@rm -rf bin node_modules web/dist/*
