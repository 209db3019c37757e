// Runs every check, quietly, and ends with one line that counts the tests.
// A check that fails prints what it printed.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

const started = Date.now()
let passed = 0
let failed = 0

/** Runs a program; calls line for each line of its output; gives its exit code. */
function run(command, args, line, env = {}) {
  return new Promise((done) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } })
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', line)
    child.on('error', (e) => { line(String(e)); done(127) })
    child.on('close', (code) => done(code ?? 1))
  })
}

function report(name, since, note = '') {
  console.log(`${name}: ${Math.round((Date.now() - since) / 1000)} s${note}`)
}

/** A check that counts as one test: it passes when the program exits with 0. */
async function check(name, command, args, ok = (code, out) => code === 0) {
  const since = Date.now()
  const out = []
  const code = await run(command, args, (l) => out.push(l))
  if (ok(code, out)) passed++
  else {
    failed++
    console.log(`--- FAIL ${name}\n${out.slice(-200).join('\n')}`)
  }
  report(name, since)
}

/** The packages whose tests draw random values, and the others. */
async function packages() {
  const out = { random: [], fixed: [] }
  await run('go', ['list', '-f', '{{.ImportPath}} {{join .TestImports " "}} {{join .XTestImports " "}}', './...'], (line) => {
    const [path, ...imports] = line.split(' ')
    if (path.startsWith('gongkai')) (imports.includes('pgregory.net/rapid') ? out.random : out.fixed).push(path)
  })
  return out
}

/**
 * go test: every test and subtest that has no subtests of its own is counted.
 * Property tests run from one seed here, so that a run can be repeated; a plain
 * go test draws a new one each time.
 */
async function goTest(title, args) {
  const since = Date.now()
  const output = new Map()
  const results = new Map()
  const stray = []
  const before = passed
  const code = await run('go', ['test', '-json', '-vet=off', '-timeout=10m', ...args], (text) => {
    let event
    try { event = JSON.parse(text) } catch { stray.push(text); return }
    if (event.Action === 'build-output') { stray.push(event.Output.trimEnd()); return }
    const key = event.Package + ' ' + (event.Test ?? '')
    if (event.Action === 'output') {
      if (!output.has(key)) output.set(key, [])
      output.get(key).push(event.Output)
    } else if (['pass', 'fail', 'skip'].includes(event.Action)) {
      if (event.Action === 'pass') output.delete(key)
      results.set(key, { action: event.Action, test: event.Test, pkg: event.Package })
    }
  })
  const parents = new Set()
  for (const { test, pkg } of results.values()) {
    if (test?.includes('/')) parents.add(pkg + ' ' + test.slice(0, test.lastIndexOf('/')))
  }
  let bad = 0
  for (const [key, { action, test }] of results) {
    if (action === 'fail') {
      console.log(`--- FAIL ${key}\n${(output.get(key) ?? []).join('')}`)
      if (test && !parents.has(key)) bad++
    } else if (action === 'pass' && test && !parents.has(key)) passed++
  }
  if (code !== 0 && bad === 0) {
    bad = 1
    console.log(`--- FAIL ${title}\n${stray.join('\n')}`)
  }
  failed += bad
  report(title, since, `, ${passed - before} tests`)
}

/** Browser journeys: node's own runner, on the real binary. */
async function journeys() {
  const since = Date.now()
  const out = []
  let good = 0
  let bad = 0
  const code = await run('node', ['journey/run.js', '--test-reporter=tap'], (l) => {
    out.push(l)
    const m = /^# (pass|fail) (\d+)/.exec(l)
    if (m?.[1] === 'pass') good = Number(m[2])
    if (m?.[1] === 'fail') bad = Number(m[2])
  })
  if (code !== 0 && bad === 0) bad = 1
  passed += good
  failed += bad
  if (bad > 0) console.log(`--- FAIL journeys\n${out.join('\n')}`)
  report('journeys', since, `, ${good} tests`)
}

await check('gofmt', 'sh', ['-c', 'gofmt -l $(git ls-files "*.go")'], (code, out) => code === 0 && out.length === 0)
await check('go build', 'go', ['build', '-o', 'bin/gongkai', './cmd/gongkai'])
const { random, fixed } = await packages()
await goTest('go test', fixed)
await goTest('go test of properties', [...random, '-rapid.seed=20260622'])
await check('go vet', 'go', ['vet', './...'])
await check('staticcheck', 'go', ['tool', '-modfile=tools/go.mod', 'staticcheck', './...'])
await journeys()

console.log(`all checks: ${Math.round((Date.now() - started) / 1000)} s`)
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 && passed > 0 ? 0 : 1)
