// Bundles css/, js/ and the areas' static folders into web/dist, where the Go
// build embeds them. area/plan/static/plan.js becomes plan.js, loaded by every
// page of the area; review.js beside it becomes plan-review.js, for that page.
import { build, context } from "esbuild";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const dist = join(root, "web", "dist");

/** Entry points by the name of their bundle. */
function entries() {
  const found = {
    "main": join(root, "web/js/main.js"),
    "first": join(root, "web/js/first.js"),
    "style": join(root, "web/css/main.css"),
  };
  for (const floor of ["area", "face"]) {
    for (const room of existsSync(join(root, floor)) ? readdirSync(join(root, floor)) : []) {
      const folder = join(root, floor, room, "static");
      if (!existsSync(folder)) continue;
      for (const file of readdirSync(folder)) {
        const kind = file.match(/\.(js|css)$/)?.[1];
        if (!kind || file.startsWith("_")) continue;
        const name = basename(file, "." + kind);
        found[(name === room ? room : `${room}-${name}`) + (kind === "css" ? ".style" : "")] = join(folder, file);
      }
    }
  }
  return Object.entries(found).map(([out, file]) => ({ out: out.replace(/\.style$/, ""), in: file }));
}

const options = {
  entryPoints: entries(),
  outdir: dist,
  bundle: true,
  minify: true,
  format: "esm",
  splitting: true,
  chunkNames: "chunk-[hash]",
  target: ["chrome87", "edge88", "firefox84", "safari15"],
  supported: { "nesting": false },
  legalComments: "none",
  nodePaths: [join(root, "node_modules")],
  logLevel: "warning",
};

for (const file of readdirSync(dist)) {
  if (!file.startsWith(".")) rmSync(join(dist, file), { recursive: true });
}
if (process.argv.includes("--watch")) {
  const running = await context({ ...options, minify: false, sourcemap: "linked" });
  await running.watch();
} else {
  await build(options);
}
