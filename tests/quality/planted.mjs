// A page on which something is wrong for each of the long checks: one that finds nothing there is broken itself.

import { crawl } from "../pages/crawl.mjs";
import { serving, sound } from "../pages/sound.mjs";
import { axe } from "./access.mjs";
import { markup } from "./markup.mjs";
import { scores } from "./scores.mjs";

const DEFECTS = `<div style="height: 40px"></div>
<img src="/media/a.png">
<p style="color: #bbb; background: #fff">Hardly to be read.</p>
<pre style="inline-size: 2000px">as wide as a wall</pre>
<a href="javascript:void 0" tabindex="3"></a><button type="button" style="width: 9px; height: 9px"></button>
<script>console.error("wrong"); document.write("late"); setTimeout(() => document.body.prepend(Object.assign(document.createElement("div"), { style: "height: 300px" })), 600);</script>`;

const planted = () => {
  const files = sound();
  files["/hello/"] = files["/hello/"].replace("<h1>", `${DEFECTS}<h1>`).replace(' lang="en"', "").replace(/<title>.*<\/title>/, "");
  return files;
};

/** What a check should have found and did not. */
export const blind = () =>
  serving(planted(), async (base) => {
    const site = await crawl(base);
    const here = { ...site, pages: new Map([["/hello/", site.pages.get("/hello/")]]) };
    const expected = [
      ["markup", await markup(here), [/no-inline-style/, /element-required-attributes/, /wcag\/h37/]],
      ["axe", await axe(here), [/in light: color-contrast/, /in dark: image-alt/, /in forced colours: /, /in 320 pixels: .*beyond the screen/]],
      ["lighthouse", await scores(base, ["/hello/"]), [/Accessibility/, /Best Practices/, /SEO/, /things move/]],
    ];
    return expected.flatMap(([check, findings, patterns]) => {
      const found = findings.map(({ problem }) => problem).join("\n");
      return patterns.filter((pattern) => !pattern.test(found)).map((pattern) => ({ check, path: "/hello/", problem: `${pattern} was not noticed` }));
    });
  });
