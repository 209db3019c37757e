// Looking at the year of the demonstration district: the matrix, lists, units,
// weekly sheet, calendar, search, one duty; on paper, on a phone, without scripts.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { browser, fits, house, open, proper, shot, signIn } from "./lib.js";

let home, chrome, plan;
const password = "yanshi-mima-2022";
const state = {};

before(async () => {
  home = await house();
  chrome = await browser();
});
after(async () => { await chrome?.close(); await home?.stop(); });

async function as(t, login, options = {}) {
  const w = await open(chrome, { url: home.url, ...options });
  t.after(async () => { await w.context.close(); w.fine(); });
  if (!login) return w.page;
  if (state[login]) await w.context.addCookies(state[login]);
  else {
    await signIn(w.page, login, password);
    state[login] = await w.context.cookies();
  }
  await w.page.goto(plan ?? "/desk");
  return w.page;
}

const tab = (page, name) => page.getByRole("navigation", { name: "这份任务分工" }).getByRole("link", { name, exact: true }).click();
/** What a download begins with. */
const begins = async (page, link) => {
  const [file] = await Promise.all([page.waitForEvent("download"), link.click()]);
  return readFileSync(await file.path()).subarray(0, 2).toString();
};

test("make run says who can sign in, and a second run keeps the data", () => {
  assert.match(home.said, /tongchou.*政府办统筹/);
  assert.match(home.run("demo"), /已有数据，不改动/);
});

test("the first page and the year at a glance: a cell says its sentence, Enter opens it, the legend filters", async (t) => {
  const page = await as(t, "tongchou");
  await proper(page, "views-home");
  await page.getByRole("navigation", { name: "工作区", exact: true }).getByRole("link", { name: "任务台账" }).click();
  await proper(page, "views-plans");
  await page.getByRole("rowheader").getByRole("link").first().click();
  plan = new URL(page.url()).pathname;
  await page.locator("html[data-ready]").waitFor();
  await proper(page, "views-matrix");
  const cell = page.locator(".matrix tbody td a").first(), says = page.locator("[data-matrix-says]");
  await cell.hover();
  const sentence = await says.innerText();
  assert.ok(sentence.length > 6 && !sentence.startsWith("移到"), sentence);
  await cell.focus();
  await page.keyboard.press("ArrowDown");
  assert.notEqual(await says.innerText(), "");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/list?**");
  assert.ok(await page.getByRole("rowheader").count() > 0);
  await page.goBack();
  await page.getByRole("list", { name: /状态图例/ }).getByRole("link", { name: /逾期/ }).click();
  await page.waitForURL("**standing=overdue**");
  assert.equal(await begins(page, page.getByRole("link", { name: "导出 Excel" })), "PK");
  assert.equal(await begins(page, page.getByRole("link", { name: "导出任务分工（Word）" })), "PK");
});

test("a list: filters stand in the address and survive a reload, sorting, pages, a sheet", async (t) => {
  const page = await as(t, "tongchou");
  await tab(page, "清单");
  await proper(page, "views-list");
  await page.getByText("筛选", { exact: true }).click();
  await page.getByLabel("身份").selectOption("责任");
  await page.getByRole("button", { name: "按条件查看" }).click();
  await page.waitForURL("**role=resp**");
  await page.reload();
  await page.getByRole("link", { name: "去掉条件：身份 是 责任" }).waitFor();
  await page.getByRole("columnheader", { name: "完成时限" }).getByRole("link").click();
  await page.locator("th[aria-sort=ascending]", { hasText: "完成时限" }).waitFor();
  const days = () => page.locator("td[data-head=完成时限]").evaluateAll((all) => all.map((d) => d.textContent.slice(0, 10)));
  const up = await days();
  assert.deepEqual(up, [...up].sort());
  await page.getByRole("link", { name: "下一页" }).click();
  await page.waitForURL((at) => at.searchParams.get("page") === "2" && at.searchParams.get("role") === "resp" && at.searchParams.get("sort") === "due");
  assert.equal(await begins(page, page.getByRole("link", { name: "导出 Excel" })), "PK");
  await page.getByRole("link", { name: "去掉条件：身份 是 责任" }).click();
  await page.waitForURL((at) => !at.searchParams.has("role"));
  await page.getByLabel(/^选中：/).first().check();
  await page.getByText("已选 1 条").waitFor();
});

for (const [name, file] of [["按单位", "units"], ["按牵头单位", "leads"], ["日历", "calendar"], ["打表", "weekly"], ["回头看", "lookback"]]) {
  test(`${name}: reads well on both widths and on paper`, async (t) => {
    const page = await as(t, "tongchou");
    await tab(page, name);
    await proper(page, `views-${file}`);
    await page.emulateMedia({ media: "print" });
    await page.setViewportSize({ width: 794, height: 1123 }); // A4 at 96 to the inch
    await fits(page);
    assert.ok(await page.getByRole("navigation", { name: "工作区", exact: true }).isHidden());
    if (process.env.SHOTS) await shot(page, `views-${file}-print`);
  });
}

test("a unit, its own list, a measure, a duty that says why it is this day", async (t) => {
  const page = await as(t, "sifa");
  await page.getByRole("navigation", { name: "工作区", exact: true }).getByRole("link", { name: "我的任务" }).click();
  await proper(page, "views-mine");
  await page.getByRole("rowheader").getByRole("link").first().click();
  await page.getByText("为什么是这一天").click();
  await proper(page, "views-duty");
  await page.getByRole("navigation", { name: "位置" }).getByRole("link").nth(1).click();
  await proper(page, "views-measure");
  await page.goto(plan);
  await tab(page, "按单位");
  await page.getByRole("rowheader").getByRole("link").first().click();
  await proper(page, "views-unit");
  await page.goto("/desk/messages");
  await proper(page, "views-messages");
});

test("search finds measures and units where the desk has a search box", async (t) => {
  const page = await as(t, "tongchou");
  await page.locator("html[data-ready]").waitFor();
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "本页按键" }).waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("/");
  await page.keyboard.type("政策");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "“政策”的搜索结果" }).waitFor();
  assert.ok(await page.getByRole("listitem").getByRole("heading").count() > 0);
  await proper(page, "views-search");
});

test("the public pages: this year and last year", async (t) => {
  const page = await as(t, "");
  await page.goto("/");
  await proper(page, "views-portal");
  await page.getByRole("link", { name: "年度任务", exact: true }).click();
  await proper(page, "views-public-years");
  await page.locator(".part h2 a").first().click();
  await proper(page, "views-public");
  await page.getByRole("link", { name: "各单位进展" }).first().click();
  await proper(page, "views-public-measure");
  await page.goto("/nowhere");
  await page.getByRole("heading").first().waitFor();
  await proper(page, "views-missing");
});

test("a text is checked: what is wrong stands in the text and beside it", async (t) => {
  const page = await as(t, "sifa");
  await page.goto("/desk/check");
  await proper(page, "views-check");
  await page.getByLabel("文字").fill("请登陆网站查询。会议定于2022年6月17日（星期四）召开。");
  await page.getByRole("button", { name: "检查", exact: true }).click();
  await page.getByRole("heading", { name: "所填文字：2处" }).waitFor();
  await page.getByText("应为“登录”").first().waitFor();
  await proper(page, "views-checked");
  await page.getByRole("link", { name: "本区规则" }).click();
  await page.getByRole("link", { name: "办事大厅" }).click();
  await proper(page, "views-rule");
});

test("a website is inspected: what was found, who mends it, and the list of columns", async (t) => {
  const page = await as(t, "tongchou");
  await page.goto("/desk/sites");
  await proper(page, "views-sites");
  await page.getByRole("rowheader", { name: "江州市江澄区人民政府" }).getByRole("link").click();
  await page.getByRole("heading", { name: "各项指标" }).waitFor();
  await proper(page, "views-site");
  await page.getByRole("link", { name: "查看全部问题" }).click();
  await proper(page, "views-findings");
  await page.getByRole("rowheader").getByRole("link").first().click();
  await page.getByRole("heading", { name: "怎样整改" }).waitFor();
  await proper(page, "views-finding");
  await page.goto("/desk/columns");
  await proper(page, "views-columns");
  await page.getByRole("rowheader", { name: "政府采购" }).getByRole("link").click();
  await proper(page, "views-column");
  await page.goto("/desk/findings/import");
  await proper(page, "views-import");
});

test("without scripts: signing in, accepting, evidence and the public pages", async (t) => {
  const page = await as(t, "", { width: "phone", javaScriptEnabled: false });
  await signIn(page, "linjiang", password);
  const todo = page.locator(".errand").getByRole("link", { name: /^认领/ });
  if (await todo.count()) {
    await todo.first().click();
    await page.getByRole("button", { name: "认领", exact: true }).click();
    await page.getByText("已认领").waitFor();
  } else {
    await page.goto("/desk/duties?standing=doing");
    await page.getByRole("rowheader").getByRole("link").first().click();
  }
  await page.locator("summary", { hasText: "添加佐证" }).click();
  await page.getByLabel("佐证类型").selectOption("文字说明");
  const form = page.locator("form[action$='/evidence']");
  await form.getByLabel("标题").fill("没有脚本也能提交的佐证");
  await form.getByLabel("说明").fill("已在街道公开栏张贴。");
  await form.getByLabel("所证明事项的日期").fill(new Date().toLocaleDateString("sv-SE", { timeZone: "Asia/Shanghai" }));
  await form.getByRole("button", { name: "添加佐证" }).click();
  await page.getByText("佐证已添加").waitFor();
  await page.goto("/");
  await page.getByRole("link", { name: "年度任务", exact: true }).click();
  await page.locator(".part h2 a").first().click();
  await page.getByRole("link", { name: "各单位进展" }).first().click();
  await page.getByRole("heading", { name: "各单位进展" }).waitFor();
});
