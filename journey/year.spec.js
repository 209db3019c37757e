// The whole errand of a year, on an empty house with a few units: the plan comes
// as a file, is reviewed with the keyboard and issued; a unit works on it, its
// lead unit checks, the office closes, the public looks; last year is looked
// back at; two people meet in one draft; a machine loses its power.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { browser, house, open, proper, signIn } from "./lib.js";

const today = new Date().toLocaleDateString("sv-SE", { timeZone: "Asia/Shanghai" });
const [year, month, day] = today.split("-").map(Number);
const password = "望城 古渡 四五 南桥";
const people = { // login: name, unit, roles, phone
  zhouqing: ["周清", "区政府办公室", "政府办统筹、牵头核查、政务公开经办", "19955550001"],
  zhengyuan: ["郑远", "区政府办公室", "政府办统筹", "19955550002"],
  sunning: ["孙宁", "区司法局", "牵头核查", "19955550003"],
  majun: ["马骏", "区财政局", "政务公开经办", "19955550004"],
  mayuan: ["马媛", "区财政局", "政务公开经办", "19955550005"],
};
const mail = (login) => `${login}@澜州.example`.replace("澜州", "lanzhou");
const folder = mkdtempSync(join(tmpdir(), "gongkai-year-"));

const org = `<!doctype html><meta charset="utf-8"><table><tr><th>单位名称</th><th>类型</th></tr>
${[["区司法局", "部门"], ["区财政局", "部门"], ["区卫生健康委", "部门"], ["区教委", "部门"], ["西河街道办事处", "街道办事处"]].map(([name, type]) => `<tr><td>${name}</td><td>${type}</td></tr>`).join("")}</table>
<table><tr><th>姓名</th><th>工号</th><th>手机</th><th>邮箱</th><th>单位</th><th>角色</th></tr>
${Object.entries(people).map(([login, [name, unit, roles, phone]]) => `<tr><td>${name}</td><td>${login}</td><td>${phone}</td><td>${mail(login)}</td><td>${unit}</td><td>${roles}</td></tr>`).join("")}</table>`;

/** A plan as an office document looks once it is saved as text: a cell a line. */
const plan = (of, issued, rows) => `澜州府办〔${of}〕11号
澜州区人民政府办公室
关于印发澜州区${of}年政务公开工作要点任务分工的通知

区政府各部门，各街道办事处：

《澜州区${of}年政务公开工作要点任务分工》已经区政府同意，现印发给你们，请认真贯彻落实。

澜州区人民政府办公室
${issued}

澜州区${of}年政务公开工作要点任务分工

	工作任务
	贯彻举措
	牵头单位
	责任单位
${rows.map((row) => "\n" + row.map((cell) => "\t" + cell).join("\n")).join("\n")}
`;
const last = plan(year - 1, `${year - 1}年3月18日`, [
  ["一、以公开促进政策落实"],
  ["（一）加强政策文件公开", `${year - 1}年底前完成规范性文件清理并公布结果。`, "区司法局", "区财政局、澜州区卫健局"],
]);
const present = plan(year, `${year}年${month}月${day}日`, [
  ["一、以公开促进政策落实"],
  ["（一）加强政策文件公开", `1．全面清理本单位政策文件，${year}年底前公布清理结果。`, "区司法局", "区财政局、西河街道办事处"],
  ["2．每季度至少开展1次政策解读。解读材料与文件同步公布。", "区政府办公室", "区财政局、澜州区卫健局"],
  ["二、以公开提升服务水平"],
  ["（二）推进办事信息公开", "公开办事指南并持续更新。", "区政府办公室", "区财政局、区教委等"],
]);

let home, site, chrome, planPath, dutyPath;
const first = {};

/** A page of another site, which the officer names as evidence. */
const page1 = `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>澜州区财政局政策文件清理结果公告</title>
<meta name="PubDate" content="${today}"><meta name="ContentSource" content="区财政局"></head>
<body><h1>澜州区财政局政策文件清理结果公告</h1><p>发布日期：${today}</p><p>经清理，继续有效文件十二件，废止三件。</p><script>document.title="不应运行"</script></body></html>`;

before(async () => {
  site = createServer((_, answer) => answer.setHeader("Content-Type", "text/html; charset=utf-8").end(page1));
  await new Promise((done) => site.listen(0, "127.0.0.1", done));
  writeFileSync(join(folder, "org.html"), org);
  writeFileSync(join(folder, "last.txt"), last);
  home = await house({
    data: join(folder, "data"),
    env: { GONGKAI_ALLOW: `127.0.0.1:${site.address().port}` },
    prepare: [["init", "--name", "澜州区", "--full", "江州市澜州区"], ["org", "import", join(folder, "org.html")],
      ...Object.keys(people).map((login) => ["user", "add", login, "--person", login]),
      ["plan", "import", join(folder, "last.txt"), "--as", "zhouqing"]],
  });
  for (const [, login, word] of home.said.matchAll(/开通账号 (\S+)，初始密码.*：(\S+)/g)) first[login] = word;
  chrome = await browser();
});
after(async () => {
  await chrome?.close();
  await home?.stop();
  site?.close();
  rmSync(folder, { recursive: true, force: true });
});

const state = {}; // cookies of everyone who signed in
/** A window of somebody, signed in once; in it nothing may go wrong. */
async function as(t, login, options = {}) {
  const w = await open(chrome, { url: home.url, ...options });
  t.after(async () => { await w.context.close(); w.fine(); });
  if (!login) return w.page;
  if (state[login]) {
    await w.context.addCookies(state[login]);
    await w.page.goto("/desk");
  } else {
    await signIn(w.page, login, first[login]).catch(() => {});
    await w.page.goto("/sign-in/password");
    await w.page.getByLabel("原密码").fill(first[login]);
    await w.page.getByLabel("新密码", { exact: true }).fill(password);
    await w.page.getByLabel("再输一次新密码").fill(password);
    await w.page.getByRole("button", { name: "修改密码" }).click();
    await w.page.getByRole("heading", { name: "我的待办" }).waitFor();
    state[login] = await w.context.cookies();
  }
  return w.page;
}

/** Loads a page again until something is there that a job brings. */
async function until(page, place) {
  for (const end = Date.now() + 20_000; !(await place.count());) {
    assert.ok(Date.now() < end, "a job did not bring what was waited for");
    await page.reload();
  }
}

/** Walks with j, and back with k, to the row that holds some words. */
async function walkTo(page, words) {
  await page.locator("html[data-ready]").waitFor();
  for (const key of ["j", "k"]) {
    for (let i = 0; i < 20; i++) {
      await page.keyboard.press(key);
      if (await page.evaluate((words) => document.activeElement?.closest("[data-list] > *")?.textContent.includes(words), words)) return;
    }
  }
  assert.fail("no row with " + words);
}

/** What opens a form under a button. */
const opener = (page, name) => page.locator("summary").getByText(name, { exact: true });

const measures = (page) => page.locator("#result .measure");

test("import: a file that is no plan is refused with what to do; a plan becomes a draft", async (t) => {
  const page = await as(t, "zhouqing");
  await page.getByRole("navigation", { name: "工作区", exact: true }).getByRole("link", { name: "任务台账" }).click();
  await page.getByRole("heading", { name: "还没有任务分工" }).waitFor();
  await proper(page, "year-none");
  await page.getByRole("link", { name: "导入任务分工" }).first().click();
  await page.getByLabel("任务分工文件").setInputFiles({ name: "空白.txt", mimeType: "text/plain", buffer: Buffer.from("") });
  await page.getByRole("button", { name: "读取文件" }).click();
  await page.getByRole("alert").waitFor();
  await proper(page, "year-import");
  await page.getByLabel("任务分工文件").setInputFiles({ name: `澜州区${year}年任务分工.txt`, mimeType: "text/plain", buffer: Buffer.from(present) });
  await page.getByRole("button", { name: "读取文件" }).click();
  await page.getByRole("heading", { name: /还有 \d+ 处待核对/ }).waitFor();
  await page.getByText("2个部分、2项任务、3条举措").waitFor();
});

test("review with the keyboard: confirm, edit, merge, split, undo; nothing is lost on reload", async (t) => {
  const page = await as(t, "zhouqing");
  await page.goto("/desk/plans/import");
  await page.getByRole("link", { name: `澜州区${year}年任务分工.txt` }).click();
  await page.locator("html[data-ready]").waitFor();
  await proper(page, "year-review");

  // An unknown unit: the answer becomes an alias.
  await page.locator(".doubt", { hasText: "澜州区卫健局" }).getByRole("button", { name: "是区卫生健康委" }).click();
  await page.locator(".doubt", { hasText: "澜州区卫健局" }).waitFor({ state: "detached" });
  // An open end is kept and asked about; Enter confirms it.
  await walkTo(page, "后面可能还有其他单位");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "没有待核对的地方" }).waitFor();

  await walkTo(page, "持续更新");
  await page.keyboard.press("e");
  await page.getByLabel("举措内容").fill("公开办事指南并持续更新，办事流程有变化的当日更新。");
  await proper(page, "year-review-edit");
  await page.getByRole("button", { name: "保存", exact: true }).click();
  await page.getByText("当日更新").first().waitFor();
  await page.reload();
  await page.locator("html[data-ready]").waitFor();
  assert.equal(await measures(page).filter({ hasText: "当日更新" }).count(), 1);
  await page.keyboard.press("z");
  await page.getByText("已撤销上一步修改").waitFor();
  assert.equal(await measures(page).filter({ hasText: "当日更新" }).count(), 0);
  await page.getByRole("button", { name: /^恢复/ }).click();
  await measures(page).filter({ hasText: "当日更新" }).waitFor();

  assert.equal(await measures(page).count(), 3);
  await walkTo(page, "全面清理");
  await page.keyboard.press("m");
  await measures(page).filter({ hasText: "全面清理" }).filter({ hasText: "政策解读" }).waitFor();
  assert.equal(await measures(page).count(), 2);
  await page.keyboard.press("z");
  await page.getByText("已撤销上一步修改").waitFor();
  assert.equal(await measures(page).count(), 3);
  await walkTo(page, "每季度");
  await page.keyboard.press("s");
  await page.getByRole("button", { name: "在此处拆分" }).first().waitFor();
  await proper(page, "year-review-split");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "在此处拆分" }).first().waitFor({ state: "detached" });
  await walkTo(page, "每季度");
  await page.keyboard.press("s");
  await page.getByRole("button", { name: "在此处拆分" }).first().click();
  await page.getByText("读出2个部分、2项任务、4条举措").waitFor();
  await page.keyboard.press("z");
  await page.getByText("读出2个部分、2项任务、3条举措").waitFor();
});

test("two people in one draft: the second sees what the first did and loses nothing", async (t) => {
  const one = await as(t, "zhouqing"), two = await as(t, "zhengyuan");
  for (const page of [one, two]) {
    await page.goto("/desk/plans/import");
    await page.getByRole("link", { name: `澜州区${year}年任务分工.txt` }).click();
    await page.locator(".measure", { hasText: "持续更新" }).getByRole("link", { name: "修改" }).click();
  }
  await one.getByLabel("编号").fill("1．");
  await one.getByRole("button", { name: "保存", exact: true }).click();
  await one.getByText("1．", { exact: true }).first().waitFor();
  await two.getByLabel("举措内容").fill("公开办事指南并持续更新，办事流程有变化的两日内更新。");
  await two.getByRole("button", { name: "保存", exact: true }).click();
  await two.getByRole("heading", { name: "草稿已被其他人修改" }).waitFor();
  await two.getByText("周清").first().waitFor();
  assert.match(await two.getByLabel("举措内容").inputValue(), /两日内更新/);
  await proper(two, "year-clash");
  await two.getByRole("button", { name: "仍然保存我的修改" }).click();
  await measures(two).filter({ hasText: "两日内更新" }).waitFor();
});

test("a kept draft that comes back after somebody else's change does not cover it", async (t) => {
  const one = await as(t, "zhouqing"), two = await as(t, "zhengyuan");
  const open = async (page) => {
    await page.goto("/desk/plans/import");
    await page.getByRole("link", { name: `澜州区${year}年任务分工.txt` }).click();
    await page.locator(".measure", { hasText: "两日内更新" }).getByRole("link", { name: "修改" }).click();
  };
  await open(two);
  await two.getByLabel("举措内容").fill("公开办事指南并持续更新，办事流程有变化的三日内更新。");
  await open(one);
  await one.getByLabel("举措内容").fill("公开办事指南并持续更新，办事流程有变化的两日内更新并告知窗口。");
  await one.getByRole("button", { name: "保存", exact: true }).click();
  await measures(one).filter({ hasText: "告知窗口" }).waitFor();
  two.on("dialog", (d) => d.accept());
  await two.reload();
  await two.locator("#result").getByRole("button", { name: "恢复草稿" }).click();
  await two.getByRole("button", { name: "保存", exact: true }).click();
  await two.getByRole("heading", { name: "草稿已被其他人修改" }).waitFor();
  await two.getByText("告知窗口").first().waitFor();
  assert.match(await two.getByLabel("举措内容").inputValue(), /三日内更新/);
  await two.getByRole("button", { name: "仍然保存我的修改" }).click();
  await measures(two).filter({ hasText: "三日内更新" }).waitFor();
});

test("issuing: last year's plan, whose unknown unit is known by now, and this year's", async (t) => {
  const page = await as(t, "zhouqing");
  for (const name of ["last.txt", `澜州区${year}年任务分工.txt`]) {
    await page.goto("/desk/plans/import");
    await page.getByRole("link", { name }).click();
    if (name === "last.txt") assert.equal(await page.locator(".doubt", { hasText: "澜州区卫健局" }).count(), 1); // read before the answer
    await page.getByRole("link", { name: "下发", exact: true }).click();
    const sure = page.getByLabel("已知晓，不再逐处核对，直接下发");
    if (await sure.count()) await sure.check();
    await proper(page, "year-issue");
    await page.getByRole("button", { name: "下发到各单位" }).click();
    await page.getByText("任务分工已下发").waitFor();
  }
  planPath = new URL(page.url()).pathname;
  await proper(page, "year-matrix");
  // A third file names the unit again: nobody is asked now.
  await page.goto("/desk/plans/import");
  await page.getByLabel("任务分工文件").setInputFiles({ name: "再次.txt", mimeType: "text/plain", buffer: Buffer.from(last) });
  await page.getByRole("button", { name: "读取文件" }).click();
  await page.getByRole("heading", { name: /核对：再次/ }).waitFor();
  assert.equal(await page.locator(".doubt", { hasText: "澜州区卫健局" }).count(), 0);
});

test("the unit's officer accepts, plans steps, reports, brings evidence and hands in", async (t) => {
  const page = await as(t, "majun");
  await page.locator(".errand", { hasText: "清理本单位政策文件" }).first().getByRole("link", { name: /^认领/ }).click();
  dutyPath = new URL(page.url()).pathname;
  const other = await as(t, "mayuan"); // the colleague has the page open too
  await other.goto(dutyPath);
  await page.getByRole("button", { name: "认领", exact: true }).click();
  await page.getByText("已认领").waitFor();
  await other.getByRole("button", { name: "认领", exact: true }).click();
  await other.getByRole("alert").waitFor(); // done already, and by whom
  await proper(other, "year-duty-late");

  await opener(page, "添加步骤").click();
  await page.getByLabel("具体任务").fill("梳理现行政策文件目录");
  await page.getByLabel("责任人", { exact: true }).selectOption("马媛");
  await page.getByRole("button", { name: "保存步骤" }).click();
  await page.getByRole("alert").waitFor(); // no day yet; nothing typed is lost
  assert.equal(await page.getByLabel("具体任务").inputValue(), "梳理现行政策文件目录");
  await page.getByLabel(/^完成时限/).fill(`${year}-12-31`);
  await page.getByRole("button", { name: "保存步骤" }).click();
  await page.getByText("任务清单已保存").waitFor();
  await page.getByRole("button", { name: "标为完成：梳理现行政策文件目录" }).click();
  await page.getByText(/完成$/).first().waitFor();

  await opener(page, "填报进展").click();
  await page.getByLabel("完成比例（%）").fill("100");
  await page.getByLabel("进展情况").fill("已完成清理并公布结果。");
  await page.getByRole("button", { name: "保存进展" }).click();
  await page.getByText("进展已记录").waitFor();

  const add = async (kind, fields) => {
    await opener(page, "添加佐证").click();
    await page.getByLabel("佐证类型").selectOption(kind);
    for (const [label, value] of Object.entries(fields)) {
      const field = page.locator("form[action$='/evidence']").getByLabel(label);
      if (typeof value === "string") await field.fill(value); else await field.setInputFiles(value);
    }
    await page.getByRole("button", { name: "添加佐证" }).click();
  };
  await add("文字说明", { 标题: "清理情况", 说明: "共清理十五件，废止三件。", 所证明事项的日期: today });
  await page.getByText("佐证已添加").waitFor();
  await add("文件", { 标题: "带宏的表格", 文件: { name: "清单.exe", mimeType: "application/octet-stream", buffer: Buffer.from("MZ\x90\x00") } });
  await page.getByRole("alert").waitFor();
  await page.locator("form[action$='/evidence']").getByLabel(/^文件/).setInputFiles({ name: "清理目录.txt", mimeType: "text/plain", buffer: Buffer.from("现行有效政策文件目录\n一、财政票据管理办法\n") });
  await page.locator("form[action$='/evidence']").getByLabel("标题").fill("现行有效政策文件目录");
  await page.locator("form[action$='/evidence']").getByLabel("所证明事项的日期").fill(today);
  await page.getByRole("button", { name: "添加佐证" }).click();
  await page.getByText("佐证已添加").waitFor();
  await add("网页链接", { "网址（网页链接）": `http://127.0.0.1:${site.address().port}/art/1.html` });
  await page.getByText("正在抓取页面").waitFor();
  await until(page, page.getByRole("link", { name: "澜州区财政局政策文件清理结果公告" }));
  await page.getByRole("link", { name: "澜州区财政局政策文件清理结果公告" }).click();
  await page.getByText("继续有效文件十二件").waitFor(); // the page as it was seen
  await proper(page, "year-evidence");
  await page.goto(dutyPath);
  await proper(page, "year-duty");
  await page.getByRole("button", { name: "报送核查" }).click();
  await page.getByText("已报送核查").waitFor();
});

test("the lead unit returns it once with a reason, and then confirms", async (t) => {
  const lead = await as(t, "sunning"), unit = await as(t, "majun");
  await lead.locator(".errand", { hasText: "清理本单位政策文件" }).first().getByRole("link", { name: /^确认完成/ }).click();
  await opener(lead, "退回补充").click();
  await lead.getByLabel("退回补充的理由").fill("目录缺少文号，请补充。");
  await lead.getByRole("button", { name: "退回补充" }).click();
  await lead.getByText("已退回补充").waitFor();
  await unit.getByRole("link", { name: /消息/ }).first().click();
  await unit.getByText("退回补充").first().waitFor();
  await proper(unit, "year-messages");
  await unit.getByRole("button", { name: "全部标为已读" }).click();
  await unit.getByRole("button", { name: "标为已读", exact: true }).waitFor({ state: "detached" });
  await unit.goto(dutyPath);
  await unit.getByText("目录缺少文号，请补充。").first().waitFor();
  await unit.getByRole("button", { name: "报送核查" }).click();
  await lead.reload();
  await lead.locator(".evidence li", { hasText: "结果公告" }).getByRole("button", { name: "采纳", exact: true }).click();
  await lead.getByText("核查意见已记录").waitFor();
  await proper(lead, "year-check");
  await lead.getByRole("button", { name: "确认完成" }).click();
  await lead.getByText("已确认完成").waitFor();
});

test("the office shows evidence to the public and closes with a reason", async (t) => {
  const page = await as(t, "zhouqing");
  await page.goto(dutyPath);
  await page.locator(".evidence li", { hasText: "结果公告" }).getByRole("button", { name: "向社会公开" }).click();
  await page.getByText("佐证已公开").waitFor();
  await opener(page, "销号").click();
  await page.getByLabel("销号的理由").fill("清理结果已公布，佐证齐全。");
  await page.getByRole("button", { name: "销号", exact: true }).click();
  await page.getByText("已销号").first().waitFor();
  await proper(page, "year-closed");
});

test("four eyes: whoever confirmed may not close", async (t) => {
  const unit = await as(t, "majun"), office = await as(t, "zhouqing"), second = await as(t, "zhengyuan");
  await unit.locator(".errand", { hasText: "持续更新" }).first().getByRole("link", { name: /^认领/ }).click();
  const path = new URL(unit.url()).pathname;
  await unit.getByRole("button", { name: "认领", exact: true }).click();
  await opener(unit, "添加步骤").click();
  await unit.getByLabel("具体任务").fill("更新办事指南");
  await unit.getByLabel("责任人", { exact: true }).selectOption("马骏");
  await unit.getByLabel(/^完成时限/).fill(`${year}-12-31`);
  await unit.getByRole("button", { name: "保存步骤" }).click();
  await opener(unit, "添加佐证").click();
  await unit.getByLabel("佐证类型").selectOption("数据");
  const form = unit.locator("form[action$='/evidence']");
  for (const [label, value] of Object.entries({ 标题: "办事指南更新数", "数值（数据）": "38", "计量单位（数据）": "项", "数据来源（数据）": "政务服务平台", 所证明事项的日期: today })) {
    await form.getByLabel(label).fill(value);
  }
  await form.getByRole("button", { name: "添加佐证" }).click();
  await unit.getByRole("button", { name: "报送核查" }).click();
  await unit.getByText("已报送核查").waitFor();
  await office.goto(path);
  await office.getByRole("button", { name: "确认完成" }).click();
  await office.getByText("已确认完成").waitFor();
  await office.getByText("不能再办理“销号”").waitFor();
  assert.ok(await office.getByRole("button", { name: "销号", exact: true }).isDisabled());
  await proper(office, "year-four-eyes");
  await second.goto(path);
  await opener(second, "销号").click();
  await second.getByLabel("销号的理由").fill("指南已更新。");
  await second.getByRole("button", { name: "销号", exact: true }).click();
  await second.locator("h1 + .badge", { hasText: "已销号" }).waitFor();
});

test("look-back: what last year left open goes into the ledger until it is closed", async (t) => {
  const office = await as(t, "zhouqing"), unit = await as(t, "majun");
  await office.goto(planPath);
  await office.getByRole("navigation", { name: "这份任务分工" }).getByRole("link", { name: "回头看" }).click();
  await office.getByRole("button", { name: "启动回头看" }).click();
  await office.getByRole("row", { name: /区财政局/ }).getByRole("link").first().waitFor();
  await proper(office, "year-lookback");
  await unit.goto(new URL(office.url()).pathname);
  await unit.getByRole("row", { name: /区财政局/ }).getByRole("link").first().click();
  await opener(unit, "报送整改结果").click();
  await unit.getByLabel("报送整改结果的理由").fill("已补公布清理结果。");
  await proper(unit, "year-recheck");
  await unit.getByRole("button", { name: "报送整改结果" }).click();
  await unit.getByText("待复核").first().waitFor();
  await office.goto(new URL(unit.url()).pathname);
  await opener(office, "台账销号").click();
  await office.getByLabel("台账销号的理由").fill("已核实。");
  await office.getByRole("button", { name: "台账销号" }).click();
  await office.locator("h1 + .badge", { hasText: "台账销号" }).waitFor();
});

test("the public sees the year, the evidence and its kept page, and nobody's name", async (t) => {
  const page = await as(t, "");
  await page.goto("/");
  await proper(page, "year-home");
  await page.getByRole("link", { name: "年度任务", exact: true }).click();
  await proper(page, "year-public-years");
  await page.getByRole("link", { name: new RegExp(`${year}年政务公开`) }).first().click();
  await proper(page, "year-public");
  const text = await page.locator("main").innerText();
  for (const [name] of Object.values(people)) assert.ok(!text.includes(name), name);
  assert.ok(!text.includes("清理目录") && !text.includes("清理情况"), "only what the office shows is public");
  await page.getByRole("link", { name: "澜州区财政局政策文件清理结果公告" }).first().click();
  await page.getByRole("region", { name: "留存的页面" }).getByText("继续有效文件十二件").waitFor();
  await proper(page, "year-public-evidence");
});

test("a machine that loses its power keeps what it has acknowledged", async (t) => {
  const page = await as(t, "mayuan");
  await page.locator(".errand", { hasText: "每季度" }).first().getByRole("link", { name: /^认领/ }).click();
  const path = page.url();
  await page.getByRole("button", { name: "认领", exact: true }).click();
  await opener(page, "添加佐证").click();
  await page.getByLabel("佐证类型").selectOption("文字说明");
  const form = page.locator("form[action$='/evidence']");
  await form.getByLabel("标题").fill("断电之前的佐证");
  await form.getByLabel("说明").fill("一季度解读三件。");
  await form.getByLabel("所证明事项的日期").fill(today);
  await form.getByRole("button", { name: "添加佐证" }).click();
  await page.getByText("佐证已添加").waitFor();
  const before = home.log();
  await home.kill();
  home = await house({ data: home.data, prepare: [], address: new URL(home.url).host });
  await page.goto(path);
  await page.getByRole("link", { name: "断电之前的佐证" }).waitFor();
  assert.match(home.run("audit", "verify"), /完整|没有发现/);

  const log = before + home.log(); // and in all this time it wrote nobody's number or address down
  for (const login of Object.keys(people)) {
    for (const text of [people[login][3], mail(login), password, first[login]]) assert.ok(!log.includes(text), text);
  }
});
