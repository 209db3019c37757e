// The first days of an office on an empty house: three administrators who see
// only their own part, units and people from a sheet, accounts, the calendar.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { browser, house, open, proper, root, signIn } from "./lib.js";

/** @type {Awaited<ReturnType<typeof house>>} */
let home;
/** @type {import("playwright-core").Browser} */
let chrome;
const first = {}, secret = {}, recovery = {}; // of each account: first password, key of the one-time codes, recovery codes
const password = "临江 石板 三七 青禾";

before(async () => {
  home = await house({ prepare: [["init", "--name", "澜州区", "--full", "江州市澜州区"]] });
  for (const [, login, word] of home.said.matchAll(/^ {2}([a-z]+)\s+(\S+)\s+\S+管理员$/gm)) first[login] = word;
  chrome = await browser();
});
after(async () => { await chrome?.close(); await home?.stop(); });

/** The code an authenticator app shows, ahead periods from now. */
function code(key, ahead = 0) {
  const bits = [...key].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
  const bytes = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
  const count = Buffer.alloc(8);
  count.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead));
  const sum = createHmac("sha1", bytes).update(count).digest();
  return String((sum.readUInt32BE(sum[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/** A window for the length of a test, in which nothing may go wrong. */
async function window(t, options = {}) {
  const w = await open(chrome, { url: home.url, ...options });
  t.after(async () => { await w.context.close(); w.fine(); });
  return w.page;
}

/** Fills in the page to sign in. */
async function credentials(page, login, word) {
  await page.getByLabel("用户名").fill(login);
  await page.getByLabel("密码", { exact: true }).fill(word);
  await page.getByRole("button", { name: "登录", exact: true }).click();
}

/** Gives a new password for a first one. */
async function newPassword(page, old) {
  await page.getByLabel("原密码").fill(old);
  await page.getByLabel("新密码", { exact: true }).fill(password);
  await page.getByLabel("再输一次新密码").fill(password);
  await page.getByRole("button", { name: "修改密码" }).click();
}

/** Signs in for the first time: new password, then one-time codes. */
async function firstDay(page, login, look = false) {
  await page.goto("/sign-in");
  await credentials(page, login, first[login]);
  await page.getByText("修改以后才能继续办理").waitFor();
  await page.goto("/desk"); // nothing else may be done
  assert.equal(new URL(page.url()).pathname, "/sign-in/password");
  if (look) await proper(page, "admin-first-password");
  await page.getByLabel("原密码").fill(first[login]);
  await page.getByLabel("新密码", { exact: true }).fill("123456");
  await page.getByLabel("再输一次新密码").fill("123456");
  await page.getByRole("button", { name: "修改密码" }).click();
  await page.getByRole("alert").getByText("密码至少 10 个字符").waitFor();
  await newPassword(page, first[login]);
  await page.getByText("必须使用动态口令").waitFor();
  if (look) await proper(page, "admin-totp-begin");
  await page.getByRole("button", { name: "开始设置" }).click();
  secret[login] = await page.locator("code").innerText();
  if (look) await proper(page, "admin-totp-code");
  await page.getByLabel("手机上的 6 位数字").fill("000000" === code(secret[login]) ? "111111" : "000000");
  await page.getByRole("button", { name: "启用" }).click();
  await page.getByRole("alert").waitFor();
  assert.equal(await page.locator("code").innerText(), secret[login]); // the same picture again
  await page.getByLabel("手机上的 6 位数字").fill(code(secret[login]));
  await page.getByRole("button", { name: "启用" }).click();
  await page.getByRole("heading", { name: "恢复码" }).waitFor();
  if (look) await proper(page, "admin-recovery");
  recovery[login] = await page.locator("code").allInnerTexts();
  await page.getByRole("link", { name: "已保存，继续" }).click();
  await page.getByRole("heading", { name: "我的待办" }).waitFor();
}

/** Signs in with a recovery code; those of the app are good once in 30 seconds. */
async function withCode(page, login) {
  await page.goto("/sign-in");
  await credentials(page, login, password);
  await page.getByLabel("密码", { exact: true }).fill(password);
  await page.getByLabel("动态口令").fill(recovery[login].pop());
  await page.getByRole("button", { name: "登录", exact: true }).click();
  await page.getByRole("heading", { name: "我的待办" }).waitFor();
}

/** Every name in the menu at the left. */
const menu = (page) => page.getByRole("navigation", { name: "工作区", exact: true }).getByRole("link").evaluateAll((all) => all.map((a) => a.lastElementChild.textContent));

test("wrong names and passwords get one answer, and then a pause", async (t) => {
  const page = await window(t);
  await page.goto("/sign-in");
  await proper(page, "admin-sign-in");
  await credentials(page, "sysadmin", "记错了的密码");
  const known = await page.getByRole("alert").innerText();
  await credentials(page, "meizhegeren", "记错了的密码");
  assert.equal(await page.getByRole("alert").innerText(), known);
  assert.equal(await page.getByLabel("用户名").inputValue(), "meizhegeren");
  assert.equal(await page.getByLabel("密码", { exact: true }).inputValue(), "");
  await proper(page, "admin-sign-in-refused");
  for (let i = 0; i < 4; i++) await credentials(page, "meizhegeren", "记错了的密码");
  await page.getByText("尝试次数过多").waitFor();
});

test("the system administrator: password, one-time codes, units and people from a sheet", async (t) => {
  const page = await window(t);
  await firstDay(page, "sysadmin", true);
  assert.equal(recovery.sysadmin.length, 10);
  assert.deepEqual(await menu(page), ["我的待办", "任务台账", "单位", "人员", "工作日历", "系统"]);
  await proper(page, "admin-home");

  await page.getByRole("navigation", { name: "工作区", exact: true }).getByRole("link", { name: "单位" }).click();
  await proper(page, "admin-units");
  await page.getByRole("link", { name: "导入 Excel" }).click();
  await proper(page, "admin-import");
  const [template] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "下载模板" }).click()]);
  assert.equal(readFileSync(await template.path()).subarray(0, 2).toString(), "PK");

  const sheet = (bad) => ({ name: "单位和人员.html", mimeType: "text/html", buffer: Buffer.from(`<!doctype html><meta charset="utf-8">
    <table><tr><th>单位名称</th><th>类型</th><th>别名</th></tr>
    <tr><td>区财政局</td><td>部门</td><td>财政局</td></tr><tr><td>区司法局</td><td>${bad ? "衙门" : "部门"}</td><td></td></tr>
    <tr><td>西河街道办事处</td><td>街道办事处</td><td></td></tr></table>
    <table><tr><th>姓名</th><th>工号</th><th>手机</th><th>邮箱</th><th>单位</th><th>角色</th></tr>
    <tr><td>冯知夏</td><td>LZ001</td><td>19911112222</td><td>fzx@example.cn</td><td>区政府办公室</td><td>政府办统筹</td></tr>
    <tr><td>程远</td><td>LZ002</td><td>19933334444</td><td>cy@example.cn</td><td>${bad ? "区税政局" : "区财政局"}</td><td>政务公开经办</td></tr></table>`) });
  await page.getByLabel("Excel 文件").setInputFiles(sheet(true));
  await page.getByRole("button", { name: "导入", exact: true }).click();
  await page.getByText("没有导入").waitFor();
  await page.getByRole("row", { name: /区税政局/ }).waitFor();
  await page.getByRole("row", { name: /衙门/ }).waitFor();
  await proper(page, "admin-import-bad");
  await page.getByLabel("Excel 文件").setInputFiles(sheet(false));
  await page.getByRole("button", { name: "导入", exact: true }).click();
  await page.getByText("单位：新增 3").waitFor();

  await page.getByRole("navigation", { name: "工作区", exact: true }).getByRole("link", { name: "人员" }).click();
  await proper(page, "admin-people");
  assert.equal(await page.getByText("19933334444").count(), 0); // masked
  await page.getByRole("link", { name: "程远" }).click();
  await proper(page, "admin-person");
  await page.getByText("查看完整联系方式").click();
  await page.getByLabel("查看事由").fill("通知参加培训");
  await page.getByRole("button", { name: "查看", exact: true }).click();
  await page.getByText("19933334444").waitFor();
  await page.getByText("查看已记入审计").waitFor();

  await page.goto("/desk/groups/new");
  await page.getByLabel("名称", { exact: true }).fill("各街道办事处");
  await page.getByLabel("街道办事处", { exact: true }).check();
  await page.getByRole("button", { name: "保存" }).click();
  await page.getByRole("row", { name: /各街道办事处.*西河街道办事处/ }).waitFor();
  await proper(page, "admin-groups");
  await page.goto("/desk/system");
  await proper(page, "admin-system");
  await page.getByRole("link", { name: "后台任务", exact: true }).click();
  await page.getByRole("navigation", { name: "按状态查看" }).waitFor();
  await proper(page, "admin-jobs");
  await page.getByRole("link", { name: "投递失败" }).click();
  await proper(page, "admin-deliveries");
  for (const path of ["/desk/accounts", "/desk/audit"]) { // not the system administrator's
    const answer = await page.goto(path);
    assert.equal(answer.status(), 403);
    await proper(page, "admin-forbidden");
  }
});

test("the security administrator opens an account; its owner changes the first password", async (t) => {
  const page = await window(t);
  await firstDay(page, "secadmin");
  const own = await menu(page);
  assert.ok(own.includes("账号") && !own.includes("人员") && !own.includes("审计") && !own.includes("系统"), own.join());
  await page.goto("/desk/accounts/new");
  await page.getByLabel("姓名或工号").fill("程远");
  await page.getByRole("button", { name: "查找" }).click();
  await page.getByLabel(/程远 LZ002/).check();
  await page.getByLabel("用户名").fill("chengyuan");
  await proper(page, "admin-account-new");
  await page.getByRole("button", { name: "开通", exact: true }).click();
  await page.getByText("已为程远开通账号").waitFor();
  first.chengyuan = await page.locator("code").nth(1).innerText();
  await page.goto("/desk/accounts/new?q=冯知夏");
  await page.getByLabel(/冯知夏 LZ001/).check();
  await page.getByLabel("用户名").fill("fengzhixia");
  await page.getByRole("button", { name: "开通", exact: true }).click();
  first.fengzhixia = await page.locator("code").nth(1).innerText();

  const other = await window(t, { width: "phone" });
  await other.goto("/sign-in");
  await credentials(other, "chengyuan", first.chengyuan);
  await newPassword(other, first.chengyuan);
  await other.getByRole("heading", { name: "我的待办" }).waitFor();

  // Sessions are listed, and end where the administrator says so.
  await page.goto("/desk/accounts");
  await proper(page, "admin-accounts");
  await page.getByRole("link", { name: "登录着的设备" }).click();
  await proper(page, "admin-sessions");
  await page.getByRole("button", { name: "结束登录：程远" }).click();
  await page.getByText("登录已结束").waitFor();
  await other.goto("/desk");
  await other.waitForURL("**/sign-in?**");
  await signIn(other, "chengyuan", password);

  await page.goto("/desk/accounts?q=chengyuan");
  await page.getByRole("link", { name: "chengyuan", exact: true }).click();
  await proper(page, "admin-account-one");
  await page.getByRole("button", { name: "停用账号" }).click();
  await page.getByRole("link", { name: "请填写原因" }).waitFor();
  await page.getByLabel("原因").fill("借调到市里");
  await page.getByRole("button", { name: "停用账号" }).click();
  await page.getByText("账号已停用，登录已全部结束").waitFor();
  await other.goto("/sign-in");
  await credentials(other, "chengyuan", password);
  await other.getByText("这个账号已停用").waitFor();
});

test("one's own account: devices, one-time codes at the next sign-in, a recovery code", async (t) => {
  const page = await window(t), phone = await window(t, { width: "phone" });
  await page.goto("/sign-in");
  await credentials(page, "fengzhixia", first.fengzhixia);
  await newPassword(page, first.fengzhixia);
  await page.getByRole("heading", { name: "我的待办" }).waitFor();
  await signIn(phone, "fengzhixia", password);
  await page.goto("/desk/account");
  await proper(page, "admin-own-account");
  await page.getByRole("button", { name: "退出其他全部设备" }).click();
  await page.getByText("登录已结束").waitFor();
  await phone.goto("/desk");
  await phone.waitForURL("**/sign-in?**");

  await page.goto("/desk/account/totp");
  await page.getByRole("button", { name: "开始设置" }).click();
  secret.fengzhixia = await page.locator("code").innerText();
  await page.getByLabel("手机上的 6 位数字").fill(code(secret.fengzhixia));
  await page.getByRole("button", { name: "启用" }).click();
  await page.getByRole("heading", { name: "恢复码" }).waitFor();
  recovery.fengzhixia = await page.locator("code").allInnerTexts();

  await credentials(phone, "fengzhixia", password);
  await phone.getByRole("link", { name: "请输入身份验证器上的 6 位动态口令" }).waitFor();
  await proper(phone, "admin-sign-in-code");
  await phone.getByLabel("密码", { exact: true }).fill(password);
  await phone.getByLabel("动态口令").fill(code(secret.fengzhixia, 1));
  await phone.getByRole("button", { name: "登录", exact: true }).click();
  await phone.getByRole("heading", { name: "我的待办" }).waitFor();
  await phone.getByText("菜单", { exact: true }).click();
  await phone.locator(".phone-menu").getByRole("button", { name: "退出登录" }).click();
  await phone.getByText("已退出登录").waitFor();
  await credentials(phone, "fengzhixia", password);
  await phone.getByLabel("密码", { exact: true }).fill(password);
  await phone.getByLabel("动态口令").fill(recovery.fengzhixia.pop());
  await phone.getByRole("button", { name: "登录", exact: true }).click();
  await phone.getByRole("heading", { name: "我的待办" }).waitFor();
});

test("a notice of holidays: loaded by one person, confirmed by another", async (t) => {
  const page = await window(t);
  await withCode(page, "sysadmin");
  await page.goto("/desk/calendar");
  await proper(page, "admin-calendar");
  await page.getByRole("link", { name: "录入节假日安排" }).click();
  await page.getByLabel("通知全文").fill("春节放假");
  await page.getByRole("button", { name: "检查" }).click();
  await page.getByRole("alert").getByText("没有找到年份").waitFor();
  assert.equal(await page.getByLabel("通知全文").inputValue(), "春节放假");
  await page.getByLabel("通知全文").fill(readFileSync(join(root, "kernel/calendar/testdata/notice-2026.txt"), "utf8"));
  await page.getByRole("button", { name: "检查" }).click();
  await page.getByRole("heading", { name: "理解到的安排" }).waitFor();
  await proper(page, "admin-calendar-check");
  await page.getByRole("button", { name: "提交核对" }).click();
  await page.getByText("已录入，等待另一人核对").waitFor();
  await page.getByRole("link", { name: "去核对" }).click();
  await page.getByText("您是录入人，须由另一位").waitFor();
  assert.equal(await page.getByRole("button", { name: "核对无误，启用" }).count(), 0);

  const second = await window(t); // the coordinator of the office
  await withCode(second, "fengzhixia");
  await second.goto("/desk/calendar?year=2026");
  await second.getByRole("link", { name: "去核对" }).click();
  await proper(second, "admin-calendar-confirm");
  await second.getByRole("button", { name: "核对无误，启用" }).click();
  await second.getByText("节假日安排已启用").waitFor();
});

test("the audit administrator reads what happened and proves that nothing was changed", async (t) => {
  const page = await window(t);
  await firstDay(page, "auditor");
  await page.getByRole("navigation", { name: "工作区", exact: true }).getByRole("link", { name: "审计" }).click();
  await page.getByRole("row", { name: /借调到市里/ }).waitFor();
  await page.getByText("筛选", { exact: true }).click();
  await page.getByLabel("做了什么").selectOption("查看联系方式");
  await page.getByRole("button", { name: "按条件查看" }).click();
  await page.getByRole("row", { name: /通知参加培训/ }).waitFor();
  await proper(page, "admin-audit");
  await page.getByRole("button", { name: "核验审计链" }).click();
  await page.getByText("没有发现改动").waitFor();
  await proper(page, "admin-audit-verified");
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "导出全部" }).click()]);
  assert.ok(readFileSync(await file.path()).length > 1000);
});

test("nothing that was typed about people stands in the log", () => {
  for (const text of ["19911112222", "19933334444", "fzx@example.cn", "cy@example.cn", password, ...Object.values(first), ...Object.values(secret)]) {
    assert.ok(!home.log().includes(text), text);
  }
});
