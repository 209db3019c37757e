// Runs the browser tests: every *.spec.js in a folder named journey, or those
// whose path contains a word given on the command line. Two files at a time: each
// starts servers and a browser, and mostly one of the two works.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { root } from "./lib.js";

/** @param {string} folder @returns {string[]} */
function specs(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((e) => {
    const path = join(folder, e.name);
    if (e.isDirectory()) return /^(node_modules|\.|dist|shots|data|testdata)/.test(e.name) ? [] : specs(path);
    return /\.spec\.js$/.test(e.name) && /(^|\/)journey\//.test(relative(root, path)) ? [path] : [];
  });
}

const words = process.argv.slice(2).filter((w) => !w.startsWith("-"));
const flags = process.argv.slice(2).filter((w) => w.startsWith("-"));
const all = ["journey", "face", "area", "kernel", "web"].map((f) => join(root, f)).filter((f) => existsSync(f)).flatMap(specs)
  .filter((path) => !words.length || words.some((w) => path.includes(w)));
if (!all.length) {
  console.error("没有找到浏览器测试");
  process.exit(1);
}
process.exit(spawnSync(process.execPath, ["--test", "--test-concurrency=2", "--test-timeout=600000", ...flags, ...all], { stdio: "inherit" }).status ?? 1);
