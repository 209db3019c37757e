// Takes a picture of every page a demonstration district has, at 1440 and 390,
// into journey/shots: `make shots`. Pages and accounts come from the command line:
//   node journey/shots.js [--as NAME:PASSWORD] /path …
// Without paths it follows the links of the first pages it is shown.
import { browser, house, open, shot, signIn } from "./lib.js";

const args = process.argv.slice(2);
const as = args.includes("--as") ? args.splice(args.indexOf("--as"), 2)[1] : "";
const home = await house();
const chrome = await browser();
try {
  for (const width of /** @type {const} */ (["desktop", "phone"])) {
    const { page, wrong } = await open(chrome, { url: home.url, width });
    if (as) {
      const [name, password] = as.split(/:(.*)/s);
      await signIn(page, name, password);
    }
    let paths = args;
    if (!paths.length) {
      const found = new Set(["/"]);
      for (const first of as ? ["/", "/desk"] : ["/"]) {
        await page.goto(first);
        for (const href of await page.locator("a[href^='/']").evaluateAll((all) => all.map((a) => a.getAttribute("href")))) {
          if (href && !/^\/(assets|sign-out)/.test(href)) found.add(href.replace(/#.*/, ""));
        }
      }
      paths = [...found].slice(0, 60);
    }
    for (const path of paths) {
      await page.goto(path);
      await shot(page, `${path.replace(/[^\w]+/g, "-").replace(/^-|-$/g, "") || "home"}-${width}`);
    }
    if (wrong.length) console.log(wrong.join("\n"));
  }
  console.log("图片在 journey/shots");
} finally {
  await chrome.close();
  await home.stop();
}
