// Prints how fast the admin is at the sizes it promises: the list of 10,000 posts, and a key in a text of 20,000 words.
// Wants a release build: PERENNIAL_BIN=target/release/perennial node tests/browser/bench.mjs
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { api, binary, launch, openPage, OWNER, setUp, startSite } from "./harness.mjs";

const POSTS = 10_000;
const WORDS = 20_000;
const KEYS = 200;

const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
const say = (what, times, limit) => {
  const sorted = [...times].sort((a, b) => a - b);
  const [half, most] = [quantile(sorted, 0.5), quantile(sorted, 0.95)].map((ms) => `${ms.toFixed(1)} ms`);
  console.log(`${what.padEnd(52)} p50 ${half}, p95 ${most} (to be under ${limit} ms; n = ${times.length})`);
};

/** A folder of Markdown files, as people move in with. */
function manyPosts(folder) {
  const posts = join(folder, "content", "posts");
  mkdirSync(posts, { recursive: true });
  writeFileSync(join(folder, "config.toml"), 'title = "Many"\nbase_url = "https://example.org"\n');
  for (let at = 0; at < POSTS; at++) {
    const day = new Date(Date.UTC(2020, 0, 1) + at * 3_600_000).toISOString();
    const head = `+++\ntitle = "Post number ${at}"\ndate = ${day}\n[taxonomies]\ntags = ["t${at % 40}"]\n+++\n`;
    writeFileSync(join(posts, `post-${at}.md`), `${head}\nWords of post ${at}.\n`);
  }
}

/** Paragraphs, headings, lists and tables, as long texts have them. */
function longText() {
  const words = "the page that was made once is given to all who come until something it read has changed".split(" ");
  const blocks = [];
  for (let count = 0, at = 0; count < WORDS; at++, count += 60) {
    const text = Array.from({ length: 60 }, (_, n) => words[(at * 7 + n * 3) % words.length]).join(" ");
    if (at % 8 === 0) blocks.push(`## Section ${at}`);
    blocks.push(at % 5 === 4 ? `- ${text}\n- ${text.slice(0, 40)}` : `${text} **and** [so on](/about/).`);
  }
  return blocks.join("\n\n");
}

const site = await startSite();
const browser = await launch();
const folder = mkdtempSync(join(tmpdir(), "perennial-many-"));
try {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 } });
  const { page } = await openPage(context);
  await setUp(page, site);
  manyPosts(folder);
  execFileSync(binary, ["import", folder], { env: { ...process.env, ...site.env }, cwd: site.env.PERENNIAL_DATA_DIR });
  const { total } = (await api(page, "GET", "/posts?limit=1")).body;
  console.log(`posts: ${total}`);

  const lists = [];
  for (let round = 0; round < 9; round++) {
    await page.goto(`${site.url}/admin/posts`);
    await page.locator("tbody tr").first().waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("E-mail").fill(OWNER.email);
    await page.getByLabel("Password").fill(OWNER.password);
    // From the answer to the sign-in on: how long a password takes to check is meant to be slow.
    lists.push(
      await page.evaluate(
        () =>
          new Promise((done) => {
            let answered = 0;
            const real = window.fetch;
            window.fetch = async (...args) => {
              const answer = await real(...args);
              if ((args[0].url ?? args[0]).endsWith("/session")) answered = performance.now();
              return answer;
            };
            const look = () => {
              if (!document.querySelector("tbody tr")) return requestAnimationFrame(look);
              window.fetch = real;
              done(performance.now() - answered);
            };
            document.querySelector("form button").click();
            look();
          }),
      ),
    );
  }
  say("list of posts, from the answer to the sign-in", lists, 300);

  const post = (await api(page, "POST", "/posts", { title: "Long", markdown: longText() })).body;
  const began = performance.now();
  await page.goto(`${site.url}/admin/posts/${post.id}`);
  await page.locator(".prose h2").first().waitFor();
  console.log(`a text of ${WORDS} words opens in ${Math.round(performance.now() - began)} ms`);
  const places = { start: ".prose > p >> nth=1", middle: ".prose > p >> nth=130", end: ".prose > p >> nth=-2" };
  for (const [name, place] of Object.entries(places)) {
    await page.locator(place).click();
    await page.evaluate(() => {
      window.keys = [];
      addEventListener(
        "keydown",
        () => {
          const start = performance.now();
          const { port1, port2 } = new MessageChannel();
          addEventListener("input", () => port2.postMessage(0), { once: true, capture: true });
          port1.onmessage = () => {
            document.body.getBoundingClientRect(); // Layout is part of what a key costs.
            window.keys.push(performance.now() - start);
          };
        },
        { capture: true, signal: (window.measuring = new AbortController()).signal },
      );
    });
    for (let key = 0; key < KEYS; key++) await page.keyboard.type("abcdefgh "[key % 9], { delay: 30 });
    const times = await page.evaluate(() => (window.measuring.abort(), window.keys));
    say(`a key in a text of ${WORDS} words, at its ${name}`, times, 16);
  }
} finally {
  await browser.close();
  await site.stop();
  rmSync(folder, { recursive: true, force: true });
}
