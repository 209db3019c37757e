// The review of a draft with the keyboard alone, and what stays of it on reload:
// Enter accepts what is sure and leads to the choices where nothing is; the focus
// stays at the work; what was typed is offered again.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { browser, house, open, proper, signIn } from "../../../journey/lib.js";

const password = "云溪 望江 六七 北桥";
const folder = mkdtempSync(join(tmpdir(), "gongkai-review-"));
const org = `<!doctype html><meta charset="utf-8"><table><tr><th>单位名称</th><th>类型</th></tr>
${["区司法局", "区财政局", "区卫生健康委"].map((name) => `<tr><td>${name}</td><td>部门</td></tr>`).join("")}</table>
<table><tr><th>姓名</th><th>工号</th><th>手机</th><th>邮箱</th><th>单位</th><th>角色</th></tr>
<tr><td>周清</td><td>zhouqing</td><td>19955550001</td><td>zhouqing@yunxi.example</td><td>区政府办公室</td><td>政府办统筹</td></tr></table>`;
const plan = `云溪区2022年政务公开工作要点任务分工
一、加强政策公开
（一）推进文件公开
1．全面清理规范性文件并公布目录。（牵头单位：区司法局；责任单位：云溪区卫健局）
2．每季度公布一次办理结果。（牵头单位：区司法局；责任单位：星光专班）
二、夯实工作基础
（二）加强平台建设
3．持续改进政府网站栏目。（牵头单位：区财政局等）
4．持续公开办事指南。（责任单位：区财政局）
云溪区人民政府办公室
2022年6月17日
`;

let home, chrome, page, path, window;
before(async () => {
  writeFileSync(join(folder, "org.html"), org);
  writeFileSync(join(folder, "云溪.txt"), plan);
  home = await house({
    data: join(folder, "data"),
    prepare: [["init", "--name", "云溪区", "--full", "江州市云溪区"], ["org", "import", join(folder, "org.html")], ["user", "add", "zhouqing", "--person", "zhouqing"],
      ["plan", "import", join(folder, "云溪.txt"), "--as", "zhouqing"]],
  });
  const first = home.said.match(/开通账号 zhouqing，初始密码.*：(\S+)/)[1];
  chrome = await browser();
  window = await open(chrome, { url: home.url });
  page = window.page;
  page.on("dialog", (box) => box.accept()); // leaving a form that is not saved
  await signIn(page, "zhouqing", first).catch(() => {});
  await page.goto("/sign-in/password");
  await page.getByLabel("原密码").fill(first);
  await page.getByLabel("新密码", { exact: true }).fill(password);
  await page.getByLabel("再输一次新密码").fill(password);
  await page.getByRole("button", { name: "修改密码" }).click();
  await page.getByRole("heading", { name: "我的待办" }).waitFor();
  await page.goto("/desk/plans/import");
  path = await page.getByRole("link", { name: "云溪.txt" }).getAttribute("href");
});
after(async () => {
  await chrome?.close();
  await home?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const doubt = (words) => page.locator(".doubt", { hasText: words });
const measure = (words) => page.locator("#result .measure", { hasText: words });

/** The words of the row that has the focus, and of what has it. */
const focus = () => page.evaluate(() => {
  const now = document.activeElement;
  return { row: now?.closest("[data-list] > *")?.textContent ?? "", tag: now?.tagName, words: now?.textContent.trim(), name: now?.getAttribute("name"), id: now?.id };
});

/** Waits until the focus stands in a row with some words. */
const standsAt = (words) => page.waitForFunction((words) => document.activeElement?.closest("[data-list] > *")?.textContent.includes(words), words);

/** Opens the draft and waits for its keys. */
async function review() {
  await page.goto(path);
  await page.locator("html[data-ready]").waitFor();
}

async function walkTo(words) {
  for (let i = 0; i < 20; i++) {
    await page.keyboard.press("j");
    if ((await focus()).row.includes(words)) return;
  }
  assert.fail("no row with " + words);
}

test("Enter leads to the choices where nothing is sure, and accepts where it is", async () => {
  await review();
  await walkTo("星光专班"); // nothing like it is known: the box for another unit
  await page.keyboard.press("Enter");
  assert.equal((await focus()).name, "who_name");
  assert.match((await focus()).row, /星光专班/);
  await page.keyboard.type("没有的局");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").waitFor(); // said at the question, with what was typed
  await standsAt("星光专班");
  assert.equal(await doubt("星光专班").getByLabel("其他单位").inputValue(), "没有的局");
  await proper(page, "review-refused");

  await review();
  await walkTo("云溪区卫健局"); // a name like it is known: the likeliest choice
  await page.keyboard.press("Enter");
  assert.equal((await focus()).words, "是区卫生健康委");
  await page.keyboard.press("Enter");
  await doubt("云溪区卫健局").waitFor({ state: "detached" });
  assert.equal((await focus()).tag, "LI"); // the next question
  const next = (await focus()).row;
  await page.keyboard.press("z");
  await page.getByText("已撤销上一步修改").waitFor();
  await standsAt("云溪区卫健局");
  await page.keyboard.press("j");
  assert.notEqual((await focus()).row, "");
  await page.getByRole("button", { name: /^恢复 ?：/ }).click();
  await doubt("云溪区卫健局").waitFor({ state: "detached" });
  assert.notEqual(next, "");

  await review();
  await walkTo("后面可能还有其他单位"); // sure enough to be accepted
  const open = await page.locator(".doubt").count();
  await page.keyboard.press("Enter");
  await page.waitForFunction((n) => document.querySelectorAll(".doubt").length < n, open);
  await page.waitForFunction(() => document.activeElement?.matches(".doubt, #doubts"));
});

test("a look at the source keeps the focus; j goes on from there", async () => {
  await review();
  await walkTo("星光专班");
  const link = doubt("星光专班").getByRole("link", { name: "看原文" });
  await link.focus();
  await page.keyboard.press("Enter");
  assert.match((await focus()).row, /星光专班/);
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("k");
  assert.notEqual((await focus()).tag, "BODY");
  await review();
  await walkTo("持续公开办事指南");
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("k"); // not from the first row again
  assert.match((await focus()).row, /持续改进政府网站栏目/);
});

test("what cannot be done is not offered; a deletion leaves the focus beside it", async () => {
  await review();
  assert.equal(await measure("全面清理").getByRole("button", { name: "上移" }).count(), 0);
  assert.equal(await measure("每季度").getByRole("button", { name: "与下一条合并" }).count(), 0);
  assert.equal(await measure("持续公开办事指南").getByRole("button", { name: "下移" }).count(), 0);
  await measure("持续改进").getByRole("button", { name: "删除" }).click();
  await measure("持续改进").waitFor({ state: "detached" });
  await standsAt("持续公开办事指南");
  await page.keyboard.press("z");
  await measure("持续改进").waitFor();
  await standsAt("持续改进");
});

test("what was typed is offered again after a reload, and gone once it is saved", async () => {
  await review();
  await measure("持续公开").getByRole("link", { name: "修改" }).click();
  const text = page.getByLabel("举措内容");
  await text.fill("持续公开办事指南，有变化的当日更新。");
  await page.reload(); // at once: not a moment later
  await page.locator("#result").getByRole("button", { name: "恢复草稿" }).click();
  assert.equal(await text.inputValue(), "持续公开办事指南，有变化的当日更新。");
  await proper(page, "review-kept");
  await page.getByRole("button", { name: "保存", exact: true }).click();
  await measure("当日更新").waitFor();
  await measure("当日更新").getByRole("link", { name: "修改" }).click();
  await text.waitFor();
  await page.locator("html[data-ready]").waitFor();
  assert.equal(await page.locator("#result").getByRole("button", { name: "恢复草稿" }).count(), 0);

  await review();
  await doubt("星光专班").getByLabel("其他单位").fill("区财政局");
  await page.reload();
  await doubt("星光专班").getByRole("button", { name: "恢复草稿" }).click();
  assert.equal(await doubt("星光专班").getByLabel("其他单位").inputValue(), "区财政局");
  window.fine();
});
