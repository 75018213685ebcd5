// Starts the real binary with an empty data folder and a browser that looks at it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const here = fileURLToPath(new URL(".", import.meta.url));
export const binary = resolve(
  process.env.PERENNIAL_BIN ?? join(here, "../../target/debug/perennial"),
);
const axeSource = readFileSync(
  createRequire(import.meta.url).resolve("axe-core/axe.min.js"),
  "utf8",
);
export const shots = join(here, "shots");
mkdirSync(shots, { recursive: true });

export const OWNER = {
  name: "Ada Lane",
  email: "ada@example.org",
  password: "correct horse battery",
};

const freePort = () =>
  new Promise((done, fail) => {
    const server = createServer().once("error", fail);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });

/** A running site: its address, the set-up link it printed, and how to end it, also as a crash does.
 * `settings` are added to its environment. */
export async function startSite(settings = {}) {
  const port = await freePort();
  // As the operator's folder, with the data in it: here would lie their own themes.
  const folder = mkdtempSync(join(tmpdir(), "perennial-browser-"));
  const url = `http://127.0.0.1:${port}`;
  const env = {
    ...process.env,
    PERENNIAL_LISTEN: `127.0.0.1:${port}`,
    PERENNIAL_DATA_DIR: join(folder, "data"),
    PERENNIAL_SITE_URL: url,
    ...settings,
  };
  let log = "";
  let child;
  /** Starts it, and waits until what it prints fits. */
  const run = (expected) =>
    new Promise((done, fail) => {
      child = spawn(binary, [], { cwd: folder, env });
      const read = (chunk) => {
        log += chunk;
        const found = expected.exec(log)?.[0];
        if (found) done(found);
      };
      child.stdout.on("data", read);
      child.stderr.on("data", read);
      child.once("error", (error) =>
        fail(new Error(`Cannot start ${binary}: ${error.message}`)),
      );
      child.once("exit", (code) =>
        fail(new Error(`The server ended with ${code} too early:\n${log}`)),
      );
    });
  const end = async (signal) => {
    const ended = new Promise((done) => child.once("exit", done));
    child.kill(signal);
    await ended;
  };
  const setupLink = url + (await run(/\/admin\/setup\?token=[\w.~-]+/));
  await reachable(`${url}/api/v1/setup`);
  return {
    url,
    env,
    setupLink,
    log: () => log,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) await end("SIGTERM");
      rmSync(folder, { recursive: true, force: true });
    },
    /** Ends it without a word, as a loss of power does. */
    crash: () => end("SIGKILL"),
    /** Starts it again where it was. */
    restart: async () => {
      void run(/$^/).catch(() => {}); // It ends with the site.
      await reachable(`${url}/api/v1/setup`);
    },
  };
}

async function reachable(url) {
  const until = Date.now() + 20_000;
  for (;;) {
    try {
      await fetch(url);
      return;
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((done) => setTimeout(done, 50));
    }
  }
}

export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });

// Chromium reports every refused request on its console; these refusals are part of what the tests provoke.
const EXPECTED =
  /Failed to load resource: the server responded with a status of (401|409|412|415|422|429)|net::ERR_INTERNET_DISCONNECTED/;

/** A page that remembers everything the console complained of. */
export async function openPage(context, expected = EXPECTED) {
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => {
    if (
      ["error", "warning"].includes(message.type()) &&
      !expected.test(message.text())
    )
      complaints.push(
        `${message.text()} (${message.location().url}, on ${page.url()})`,
      );
  });
  page.on("pageerror", (error) =>
    complaints.push(error.stack ?? error.message),
  );
  page.setDefaultTimeout(15_000);
  return { page, complaints };
}

/** Says what the console complained of, and where. */
export const assertSilent = (complaints) =>
  assert.ok(
    complaints.length === 0,
    `the console complained:\n${complaints.join("\n")}`,
  );

/** Sets the site up through its page, as its owner would. */
export async function setUp(page, site, start = "empty") {
  await page.goto(site.setupLink);
  await page.getByLabel("Site title").fill("Meridian");
  await page.getByLabel("Your name").fill(OWNER.name);
  await page.getByLabel("E-mail").fill(OWNER.email);
  await page.getByLabel("Password").fill(OWNER.password);
  await page
    .getByLabel(start === "empty" ? "An empty site" : "Sample posts")
    .check();
  await page.getByRole("button", { name: "Create site" }).click();
  await page.waitForURL(
    start === "empty" ? "**/admin/posts/new" : "**/admin/posts",
  );
}

/** Violations of the accessibility rules on the page as it is now, one line each. */
export async function violations(page) {
  await page.evaluate(axeSource);
  const found = await page.evaluate(() =>
    window.axe.run(document, {
      runOnly: [
        "wcag2a",
        "wcag2aa",
        "wcag21a",
        "wcag21aa",
        "wcag22aa",
        "best-practice",
      ],
    }),
  );
  return found.violations.map(
    (rule) =>
      `${rule.id}: ${rule.nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`,
  );
}

/** Visible elements that reach beyond the requested width and do not scroll inside a box of their own. */
export const overflow = (page, width) =>
  page.evaluate((limit) => {
    const scrolls = (element) => {
      for (
        let box = element.parentElement;
        box && box !== document.body;
        box = box.parentElement
      )
        if (getComputedStyle(box).overflowX !== "visible") return true;
      return false;
    };
    return [...document.querySelectorAll("body *")]
      .filter((element) => {
        const { right, width: own } = element.getBoundingClientRect();
        const style = getComputedStyle(element);
        return (
          own > 0 &&
          right > limit + 1 &&
          style.visibility !== "hidden" &&
          style.clipPath === "none" &&
          !scrolls(element)
        );
      })
      .map(
        (element) => `${element.tagName.toLowerCase()}.${element.className}`,
      );
  }, width);

/** The API, with the session of the page. */
export const api = (page, method, path, body, headers = {}) =>
  page.evaluate(
    async ([verb, url, content, extra]) => {
      const response = await fetch(`/api/v1${url}`, {
        method: verb,
        headers: {
          ...(content ? { "Content-Type": "application/json" } : {}),
          ...extra,
        },
        body: content ? JSON.stringify(content) : undefined,
      });
      const text = await response.text();
      return { status: response.status, body: text ? JSON.parse(text) : null };
    },
    [method, path, body, headers],
  );

/** Until it is counted that readers asked for this path in vain; that is written every few seconds. */
export async function missed(page, path) {
  const until = Date.now() + 20_000;
  for (;;) {
    const { body } = await api(page, "GET", "/missing?limit=1000");
    if (body.items.some((seen) => seen.path === path)) return;
    assert.ok(Date.now() < until, `${path} is not counted`);
    await new Promise((done) => setTimeout(done, 100));
  }
}
