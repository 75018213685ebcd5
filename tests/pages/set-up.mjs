// Sets up a new site with sample content: `node set-up.mjs BASE_URL token=TOKEN`, the token being that of the link in the log.

const [base, token] = process.argv.slice(2);
if (!token?.startsWith("token=")) {
  console.error("usage: node set-up.mjs BASE_URL token=TOKEN");
  process.exit(2);
}
const answer = await fetch(`${base}/api/v1/setup`, {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({
    token: token.slice("token=".length),
    site_title: "Field Notes",
    name: "Ada Lane",
    email: "ada@example.org",
    password: "correct horse battery",
    start: "sample",
  }),
});
if (answer.status !== 201) {
  console.error(`set-up was answered with ${answer.status}: ${await answer.text()}`);
  process.exit(1);
}
