// Fails when what a browser must load grows past its limit. Sizes are gzip, as shells and editors first get them.
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const LIMITS = { shell: 45, editor: 230, styles: 20 };
const dist = new URL("../dist/", import.meta.url);
const read = (path) => readFileSync(new URL(path, dist), "utf8");
const gzipped = (path) => gzipSync(readFileSync(new URL(path, dist)), { level: 9 }).length;

/** Everything that a script imports before it runs, itself included. */
function closure(path, seen = new Set()) {
  if (seen.has(path)) return seen;
  seen.add(path);
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  for (const [, target] of read(path).matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) closure(folder + target, seen);
  return seen;
}

const total = (paths) => [...paths].reduce((sum, path) => sum + gzipped(path), 0) / 1024;
const assets = readdirSync(new URL("assets/", dist)).map((name) => `assets/${name}`);
const entry = /src="\/admin\/(assets\/[^"]+\.js)"/.exec(read("index.html"))[1];
const shell = closure(entry);
const editorEntry = assets.find((path) => /\/Editor-[^/]+\.js$/.test(path));
const editor = [...closure(editorEntry)].filter((path) => !shell.has(path));
const styles = assets.filter((path) => path.endsWith(".css"));

let failed = false;
for (const [name, paths] of Object.entries({ shell, editor, styles })) {
  const size = total(paths);
  const over = size > LIMITS[name];
  failed ||= over;
  console.log(
    `${name.padEnd(7)} ${size.toFixed(1).padStart(6)} KB of ${LIMITS[name]} KB gzip${over ? "  too large" : ""}`,
  );
}
process.exit(failed ? 1 : 0);
