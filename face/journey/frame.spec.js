// The frames and all components, with invented data and no database.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accessible, browser, fits, freePort, open, root, serve, shot } from "../../journey/lib.js";

const folder = mkdtempSync(join(tmpdir(), "gongkai-face-"));
let server, chrome;

before(async () => {
  if (!existsSync(join(root, "web/dist/style.css"))) execFileSync("npm", ["run", "--silent", "assets"], { cwd: root });
  const program = join(folder, "face.test");
  execFileSync("go", ["test", "-c", "-o", program, "./face"], { cwd: root, env: { ...process.env, CGO_ENABLED: "0" } });
  const address = `127.0.0.1:${await freePort()}`;
  server = await serve(program, [], { cwd: join(root, "face"), env: { GONGKAI_SAMPLE: address }, address });
  chrome = await browser();
});

after(async () => {
  await chrome?.close();
  await server?.kill();
  rmSync(folder, { recursive: true, force: true });
});

const pages = {
  components: "/desk/components", desk: "/desk", "desk-search": "/desk/search?q=文件", messages: "/desk/messages", help: "/help/sample",
  portal: "/", document: "/document", search: "/search?q=端午", missing: "/nowhere", gone: "/gone",
};

async function window(options) {
  const w = await open(chrome, { url: server.url, ...options });
  if (options.staff !== false) await w.context.addCookies([{ name: "as", value: "staff", url: server.url }]);
  return w;
}

for (const width of ["desktop", "phone"]) {
  for (const [name, path] of Object.entries(pages)) {
    test(`${name} on the ${width}: fits, nothing wrong, accessible`, async () => {
      const look = await window({ width, bypassCSP: true });
      await look.page.goto(path);
      await shot(look.page, `face-${name}-${width}`);
      await fits(look.page);
      await accessible(look.page, name);
      await look.context.close();
      const real = await window({ width });
      await real.page.goto(path);
      await real.page.locator("html[data-ready]").waitFor();
      real.fine();
      await real.context.close();
    });
  }
}

for (const cookies of [{ theme: "dark" }, { theme: "contrast" }, { mode: "elder" }, { mode: "elder", theme: "dark" }]) {
  const name = Object.values(cookies).join("-");
  for (const [page, path] of [["components", "/desk/components"], ["portal", "/"]]) {
    test(`${page} in ${name}`, async () => {
      for (const width of ["desktop", "phone"]) {
        const w = await window({ width, bypassCSP: true });
        await w.context.addCookies(Object.entries(cookies).map(([name, value]) => ({ name, value, url: server.url })));
        await w.page.goto(path);
        await shot(w.page, `face-${page}-${name}-${width}`);
        await fits(w.page);
        await accessible(w.page, `${page} in ${name}`);
        await w.context.close();
      }
    });
  }
}

test("keys: ? shows them, / searches, j and k walk, Escape closes", async () => {
  const w = await window({});
  await w.page.goto("/desk");
  await w.page.locator("html[data-ready]").waitFor();
  await w.page.keyboard.press("?");
  await w.page.getByRole("dialog", { name: "本页按键" }).waitFor();
  await w.page.keyboard.press("Escape");
  await w.page.getByRole("dialog").waitFor({ state: "detached" });
  await w.page.keyboard.press("j");
  assert.equal(await w.page.evaluate(() => document.activeElement?.textContent), "规范财政预决算公开");
  await w.page.keyboard.press("j");
  assert.equal(await w.page.evaluate(() => document.activeElement?.textContent), "开展政府开放日活动");
  await w.page.keyboard.press("k");
  await w.page.keyboard.press("/");
  await w.page.keyboard.type("文件?");
  await w.page.keyboard.press("Enter");
  await w.page.getByRole("heading", { name: "“文件?”的搜索结果" }).waitFor();
  w.fine();
});

test("a long form keeps its draft, a refused one its text and its links to fields", async () => {
  const w = await window({});
  await w.page.goto("/desk/components");
  await w.page.locator("html[data-ready]").waitFor();
  await w.page.getByLabel("正文").fill("写到一半的话");
  await w.page.getByText("草稿已暂存在这台电脑上").waitFor();
  w.page.on("dialog", (d) => d.accept());
  await w.page.goto("/desk/components");
  await w.page.getByRole("button", { name: "恢复草稿" }).click();
  assert.equal(await w.page.getByLabel("正文").inputValue(), "写到一半的话");
  await w.page.getByRole("button", { name: "送审" }).click();
  await w.page.getByRole("link", { name: "标题请写 4 至 60 个字" }).click();
  assert.equal(await w.page.getByLabel("正文").inputValue(), "写到一半的话");
  assert.equal(await w.page.evaluate(() => location.hash), "#f-title");
  w.fine();
});

test("without scripts: the phone's menu opens, elder mode is remembered", async () => {
  const w = await window({ width: "phone", javaScriptEnabled: false });
  await w.page.goto("/desk");
  await w.page.getByText("菜单", { exact: true }).click();
  await w.page.getByRole("link", { name: "工作台账" }).click();
  await w.page.waitForURL("**/desk/components");
  await w.page.getByText("菜单", { exact: true }).click();
  await w.page.locator(".phone-menu").getByRole("button", { name: "长辈模式" }).click();
  await w.page.locator("html[data-mode=elder]").waitFor();
  assert.equal(new URL(w.page.url()).pathname, "/desk/components");
  w.fine();
});
