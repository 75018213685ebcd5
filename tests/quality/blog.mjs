// Real blogs, imported into a site of their own and served in a theme.

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const binary = resolve(process.env.PERENNIAL_BIN);

/** 750 posts, none of which has a topic. */
export const RUST = "md-zola-rust-blog";
/** A hundred posts with topics. */
export const JEKYLL = "md-jekyll-jekyllrb/docs";

/** Runs `work` with the address of a site that holds these blogs of the corpus. */
export async function serving(theme, blogs, work) {
  const folder = mkdtempSync(join(tmpdir(), "perennial-quality-"));
  const env = {
    ...process.env,
    PERENNIAL_LISTEN: "127.0.0.1:0",
    PERENNIAL_DATA_DIR: join(folder, "data"),
    PERENNIAL_THEME: theme,
    PERENNIAL_OWNER_EMAIL: "ada@example.org",
    PERENNIAL_OWNER_PASSWORD: "correct horse battery",
  };
  try {
    for (const blog of blogs) {
      const imported = spawnSync(binary, ["import", join(process.env.PERENNIAL_CORPUS, blog)], { cwd: folder, env, encoding: "utf8" });
      if (imported.status !== 0) throw new Error(`${blog} could not be imported: ${imported.stderr}`);
    }
    const server = spawn(binary, [], { cwd: folder, env, stdio: ["ignore", "ignore", "pipe"] });
    const ended = new Promise((done) => server.once("exit", done));
    try {
      return await work(await address(server, ended));
    } finally {
      server.kill();
      await ended;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function address(server, ended) {
  let log = "";
  const found = new Promise((done) =>
    server.stderr.on("data", (chunk) => {
      log += chunk;
      const [, at] = /is served at ([\d.:]+)/.exec(log) ?? [];
      if (at) done(`http://${at}`);
    }),
  );
  const url = await Promise.race([found, ended.then(() => undefined)]);
  if (!url) throw new Error(`the server ended before it served anything:\n${log}`);
  return url;
}
