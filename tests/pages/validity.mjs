// Every HTML page is valid: the Nu Html Checker reads them all at once. Needs Java 11 or newer.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

import { isHtml } from "./markup.mjs";

const JAR = join(import.meta.dirname, "node_modules/vnu-jar/build/dist/vnu.jar");

export function validity(site) {
  const folder = mkdtempSync(join(tmpdir(), "pages-"));
  try {
    const html = [...site.pages].filter(([, page]) => isHtml(page));
    const files = html.map(([, page], index) => {
      const file = join(folder, `${index}.html`);
      writeFileSync(file, page.body);
      return file;
    });
    // The checker wants files, not addresses, and speaks on its error stream.
    const run = spawnSync("java", ["-jar", JAR, "--errors-only", "--format", "json", ...files], { encoding: "utf8", maxBuffer: 1 << 28 });
    if (run.error) throw new Error("java is not installed; on Debian: apt-get install openjdk-17-jre-headless");
    return JSON.parse(run.stderr).messages.map(({ url, message, lastLine }) => {
      const [path] = html[Number(basename(url, ".html"))];
      return { path, problem: `line ${lastLine}: ${message}` };
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
