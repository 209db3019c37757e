// What every browser test needs: the real binary on a free port with a data
// folder of its own, a browser, signing in, pictures at two widths, axe, and a
// list of everything that went wrong in the page. Wait for states, never for time.
import { chromium } from "playwright-core";
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, existsSync } from "node:fs";
import { createServer } from "node:net";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import assert from "node:assert/strict";

/** The root of the repository. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const shots = join(root, "journey", "shots");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Widths every page is looked at. */
export const widths = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

/** A port nobody listens on now. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = /** @type {import("node:net").AddressInfo} */ (probe.address());
      probe.close(() => resolve(port));
    });
  });
}

/**
 * Starts a program that serves and waits until it answers.
 * @param {string} program
 * @param {string[]} args
 * @param {{env?: Record<string, string>, cwd?: string, address: string, path?: string}} options
 */
export async function serve(program, args, { env = {}, cwd = root, address, path = "/" }) {
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let log = "", ended = false;
  child.stdout.on("data", (text) => { log += text; });
  child.stderr.on("data", (text) => { log += text; });
  const end = new Promise((resolve) => child.on("exit", (code) => { ended = true; resolve(code); }));
  const url = `http://${address}`;
  const until = Date.now() + 60_000;
  for (;;) {
    if (ended) throw new Error(`${program} ended before it answered:\n${log}`);
    if (await fetch(url + path, { redirect: "manual" }).then(() => true, () => false)) break;
    if (Date.now() > until) {
      child.kill("SIGKILL");
      throw new Error(`${program} did not answer in a minute:\n${log}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50)); // between two tries to connect
  }
  return {
    url,
    /** Everything it has printed. */
    log: () => log,
    /** Ends it as an administrator would. */
    async stop() { child.kill("SIGTERM"); return end; },
    /** Ends it as a power cut would. */
    async kill() { child.kill("SIGKILL"); return end; },
  };
}

/**
 * The real house with a data folder of its own. prepare runs commands of the
 * binary before it serves: [["demo"]].
 * @param {{prepare?: string[][], env?: Record<string, string>, data?: string, address?: string}} [options]
 */
export async function house({ prepare = [["demo"]], env = {}, data, address } = {}) {
  const binary = join(root, "bin", "gongkai");
  assert.ok(existsSync(binary), "bin/gongkai is missing: make bin/gongkai");
  const own = !data;
  data ??= mkdtempSync(join(tmpdir(), "gongkai-"));
  address ??= `127.0.0.1:${await freePort()}`;
  const all = { GONGKAI_DATA: data, GONGKAI_LISTEN: address, ...env };
  let said = "";
  for (const args of prepare) {
    said += execFileSync(binary, args, { cwd: root, env: { ...process.env, ...all }, encoding: "utf8" });
  }
  const running = await serve(binary, ["serve"], { env: all, address });
  return {
    ...running, data, said,
    /** Runs another command of the binary on the same data. @param {...string} args */
    run: (...args) => execFileSync(binary, args, { cwd: root, env: { ...process.env, ...all }, encoding: "utf8" }),
    async stop() {
      await running.stop();
      if (own) rmSync(data, { recursive: true, force: true });
    },
  };
}

/** Debian's Chromium, or the one CHROMIUM names. */
export function browser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    env: { ...process.env, LANG: "zh_CN.UTF-8", LANGUAGE: "zh_CN:zh" },
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync", "--lang=zh-CN"],
  });
}

/**
 * A window of its own: cookies, width, and all that goes wrong in it. bypassCSP
 * only for windows that axe looks into.
 * @param {import("playwright-core").Browser} chrome
 * @param {{url: string, width?: keyof typeof widths, bypassCSP?: boolean, javaScriptEnabled?: boolean, colorScheme?: "light" | "dark"}} options
 */
export async function open(chrome, { url, width = "desktop", bypassCSP = false, javaScriptEnabled = true, colorScheme = "light" }) {
  const context = await chrome.newContext({
    baseURL: url, viewport: widths[width], locale: "zh-CN", timezoneId: "Asia/Shanghai",
    bypassCSP, javaScriptEnabled, colorScheme, reducedMotion: "reduce",
  });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  /** @type {string[]} */
  const wrong = [];
  page.on("console", (m) => {
    // The browser logs every answer of 4xx as an error; what answered is judged below.
    if (m.type() === "error" && !/Failed to load resource/.test(m.text())) wrong.push("console: " + m.text());
  });
  page.on("pageerror", (e) => wrong.push("script: " + e.message));
  page.on("requestfailed", (r) => {
    if (r.failure()?.errorText !== "net::ERR_ABORTED") wrong.push(`request: ${r.url()} ${r.failure()?.errorText}`);
  });
  page.on("response", (r) => {
    const asked = r.request().isNavigationRequest();
    if (r.status() >= 500 || (r.status() >= 400 && !asked && r.status() !== 422)) wrong.push(`answer: ${r.status()} ${r.url()}`);
  });
  return { page, context, wrong, /** Fails when anything went wrong. */ fine: () => assert.deepEqual(wrong, []) };
}

/**
 * Signs a person in through the page everybody uses.
 * @param {import("playwright-core").Page} page @param {string} name @param {string} password
 */
export async function signIn(page, name, password) {
  await page.goto("/sign-in");
  await page.getByLabel("用户名").fill(name);
  await page.getByLabel("密码", { exact: true }).fill(password);
  await page.getByRole("button", { name: "登录", exact: true }).click();
  await page.waitForURL((at) => !at.pathname.startsWith("/sign-in"));
}

/**
 * A picture of the whole page in journey/shots.
 * @param {import("playwright-core").Page} page @param {string} name
 */
export async function shot(page, name) {
  mkdirSync(shots, { recursive: true });
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: join(shots, name + ".png"), fullPage: true });
}

/**
 * Fails when axe finds anything against WCAG 2.2 AA. The page's policy lets no
 * foreign script in, so axe comes by the debugger.
 * @param {import("playwright-core").Page} page @param {string} [where]
 */
export async function accessible(page, where = page.url()) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => /** @type {any} */ (window).axe.run(document, {
    resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  }));
  const found = violations.map((v) => `${v.id}: ${v.help}\n` + v.nodes.slice(0, 5).map((n) => `  ${n.target.join(" ")}\n    ${n.failureSummary.replaceAll("\n", "\n    ")}`).join("\n"));
  assert.equal(found.length, 0, `axe on ${where}:\n${found.join("\n")}`);
}

/** Fails when the page is wider than the window. @param {import("playwright-core").Page} page */
export async function fits(page) {
  const [inside, outside] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.ok(inside <= outside, `${page.url()} is ${inside} wide in a window of ${outside}`);
}

/**
 * Looks at a page as it is now at every width: nothing sticks out and axe finds
 * nothing. SHOTS=1 also takes its pictures.
 * @param {import("playwright-core").Page} page @param {string} name
 */
export async function proper(page, name) {
  const before = page.viewportSize();
  for (const [width, size] of Object.entries(widths)) {
    await page.setViewportSize(size);
    await fits(page);
    await accessible(page, `${name} (${width}) ${page.url()}`);
    if (process.env.SHOTS) await shot(page, `${name}-${width}`);
  }
  await page.setViewportSize(before);
}
