//! What readers see of a text, element by element, and what hostile texts may not do.

use std::{fs, path::Path, time::Duration};

use proptest::prelude::*;

use super::{Rendered, Trust, render, render_placed};

fn html(markdown: &str) -> String {
    render(markdown, Trust::Author).html.trim().to_owned()
}

#[track_caller]
fn shows(markdown: &str, expected: &str) {
    assert_eq!(html(markdown), expected, "{markdown}");
}

/// The dialect's snippets, shared with the editor's tests.
#[test]
fn the_dialect_renders_as_agreed() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/markdown"));
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 30);
    for file in files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "md")) {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let markdown = fs::read_to_string(file).unwrap();
        insta::assert_snapshot!(name, render(&markdown, Trust::RawHtml).html, &markdown);
    }
}

#[test]
fn a_placed_text_says_which_lines_it_was_made_of_and_is_the_same_else() {
    let markdown = "# One\n\nTwo\nlines\n\n- [ ] three\n\n> [!NOTE]\n> four\n\n```rust\nfive\n```\n";
    let placed = render_placed(markdown).html;
    for (element, lines) in [
        ("<h1 id=\"one\"", "1:1-1:5"),
        ("<p", "3:1-4:5"),
        ("<li class=\"task\"", "6:1-7:0"),
        ("<div class=\"callout note\"", "8:1-9:6"),
        ("<pre", "11:1-13:3"),
    ] {
        let (tag, rest) = placed.split_once(element).unwrap_or_else(|| panic!("{element} in {placed}"));
        let attributes = rest.split('>').next().unwrap_or_default();
        assert!(attributes.contains(&format!("data-sourcepos=\"{lines}\"")), "{element}{attributes} after {tag}");
    }
    let mut pieces = placed.split(" data-sourcepos=\"");
    let first = pieces.next().unwrap_or_default().to_owned();
    let bare = pieces.fold(first, |text, piece| text + piece.split_once('"').unwrap().1);
    assert_eq!(bare, render(markdown, Trust::RawHtml).html);
    assert!(!html("<b data-sourcepos=\"1:1-1:1\">x</b>").contains("sourcepos"));
}

#[test]
fn headings_can_be_linked_to() {
    let page = render("# Über *uns*\n\n## Same\n\n## Same\n\n### !", Trust::Author);
    assert!(page.html.starts_with(
        "<h1 id=\"uber-uns\">Über <em>uns</em><a class=\"anchor\" href=\"#uber-uns\" aria-label=\"Permalink\"></a></h1>"
    ));
    let ids: Vec<_> = page.headings.iter().map(|heading| (heading.level, heading.id.as_str())).collect();
    assert_eq!(ids, [(1, "uber-uns"), (2, "same"), (2, "same-1"), (3, "section")]);
    assert_eq!(page.headings[0].text, "Über uns");
}

#[test]
fn a_suffix_never_repeats_an_id() {
    let ids = render("# a\n\n# a-1\n\n# a\n\n# a", Trust::Author).headings.into_iter().map(|heading| heading.id);
    assert_eq!(ids.collect::<Vec<_>>(), ["a", "a-1", "a-2", "a-3"]);
}

#[test]
fn only_the_first_image_loads_at_once() {
    shows(
        "![one](/a.png \"T\") ![two](</b c.png>)",
        "<p><img src=\"/a.png\" alt=\"one\" title=\"T\"> <img src=\"/b%20c.png\" alt=\"two\" loading=\"lazy\" decoding=\"async\"></p>",
    );
}

#[test]
fn an_address_alone_on_a_line_is_an_embed() {
    shows(
        "https://example.com/a",
        "<p><a class=\"embed\" href=\"https://example.com/a\">https://example.com/a</a></p>",
    );
    assert!(!html("see https://example.com/a").contains("embed"));
    assert!(!html("- https://example.com/a").contains("embed"));
    assert!(!html("[here](https://example.com/a)").contains("embed"));
}

#[test]
fn a_figure_holds_images_and_its_caption() {
    shows(
        ":::figure{width=\"wide\"}\n![A cat](/cat.jpg)\n\nA *cat*.\n:::",
        "<figure class=\"figure wide\"><img src=\"/cat.jpg\" alt=\"A cat\">\n<figcaption>\n<p>A <em>cat</em>.</p>\n</figcaption>\n</figure>",
    );
    shows(
        ":::gallery\n![1](/1.jpg)\n![2](/2.jpg)\n:::",
        "<figure class=\"gallery\"><img src=\"/1.jpg\" alt=\"1\"><img src=\"/2.jpg\" alt=\"2\" loading=\"lazy\" decoding=\"async\">\n</figure>",
    );
}

#[test]
fn blocks_have_their_elements() {
    shows(
        ":::toggle{title=\"Why?\"}\nBecause.\n:::",
        "<details class=\"toggle\"><summary>Why?</summary>\n<p>Because.</p>\n</details>",
    );
    shows("::button{url=\"/buy\" text=\"Buy & go\"}", "<p><a class=\"button\" href=\"/buy\">Buy &amp; go</a></p>");
    shows("::file{url=/a.pdf name='The file'}", "<p><a class=\"file\" href=\"/a.pdf\" download=\"\">The file</a></p>");
    shows(
        "::embed{url=\"https://example.com/v?a=1&amp;b=2\"}",
        "<p><a class=\"embed\" href=\"https://example.com/v?a=1&amp;b=2\">https://example.com/v?a=1&amp;b=2</a></p>",
    );
    shows(":::aside\nBy the way.\n:::", "<aside>\n<p>By the way.</p>\n</aside>");
    shows("> [!WARNING]\n> Hot.", "<div class=\"callout warning\"><p class=\"title\">Warning</p>\n<p>Hot.</p>\n</div>");
    let bookmark = html("::bookmark{url=\"https://example.com\" title=\"Ex\" description=\"An example\"}");
    assert!(bookmark.contains("<a href=\"https://example.com\"><strong>Ex</strong></a>"), "{bookmark}");
}

#[test]
fn what_no_directive_knows_keeps_its_content() {
    shows(
        ":::recipe{title=\"Soup\"}\nStir.\n:::",
        "<div class=\"directive recipe\"><p class=\"title\">Soup</p>\n<p>Stir.</p>\n</div>",
    );
    shows("::unknown{a=b}", "<p>::unknown{a=b}</p>");
    shows("At 12:30 :smile: ::x", "<p>At 12:30 :smile: ::x</p>");
    let nested = html("::::outer\n:::inner\nA\n:::\nB\n::::");
    assert_eq!(nested.matches("<div").count(), 2, "{nested}");
}

#[test]
fn tables_scroll_and_align() {
    let table = html("| a | b |\n|---|--:|\n| 1 | 2 |");
    assert!(
        table.starts_with("<div class=\"table\" tabindex=\"0\" role=\"region\" aria-label=\"Table\"><table>"),
        "{table}"
    );
    assert!(table.contains("<th scope=\"col\" class=\"right\">b</th>") && table.contains("<td>1</td>"), "{table}");
    assert!(table.ends_with("</table></div>"), "{table}");
}

#[test]
fn code_is_highlighted_by_class() {
    let code = html("```rust title=\"a.rs\" {2}\nfn main() {\n    let x = \"<b>\";\n}\n```");
    assert!(
        code.starts_with("<figure class=\"code\"><figcaption>a.rs</figcaption><pre tabindex=\"0\" class=\"giallo"),
        "{code}"
    );
    assert!(
        code.contains("giallo-l g-l-hl g-d-hl") && code.contains("&lt;b&gt;") && !code.contains("style="),
        "{code}"
    );
    shows("```nosuch\n<x>\n```", "<pre tabindex=\"0\"><code data-lang=\"nosuch\">&lt;x&gt;\n</code></pre>");
    shows("    plain", "<pre tabindex=\"0\"><code>plain\n</code></pre>");
}

#[test]
fn code_that_no_person_wrote_stays_plain() {
    let plain = "<pre tabindex=\"0\"><code data-lang=\"cpp\">";
    assert!(html(&format!("```cpp\n{}\n```", "(\n".repeat(200))).starts_with(plain));
    assert!(html(&format!("```cpp\n{}\n```", "/*/*\n".repeat(200))).starts_with(plain));
    assert!(html(&format!("```cpp\n{}\n```", "x".repeat(600))).starts_with(plain));
    assert!(!html(&format!("```cpp\n{}\n```", "f(x);\n".repeat(200))).starts_with(plain));
}

#[test]
fn sizes_are_whole_pixels() {
    shows(
        "<img src=\"/a.png\" alt=\"\" width=\"300px\" height=\"50%\">",
        "<img src=\"/a.png\" alt=\"\" width=\"300\">",
    );
}

#[test]
fn formulas_become_mathml_and_broken_ones_stay() {
    let formula = html("$a^2$ costs $5");
    assert!(formula.contains("<math") && formula.contains("<msup>") && formula.ends_with(" costs $5</p>"), "{formula}");
    assert!(html("$$\n\\frac{1}{2}\n$$").contains("display=\"block\""));
    shows("For 0.09$/GB, or 0.04$ at night.", "<p>For 0.09$/GB, or 0.04$ at night.</p>");
    shows("$\\nosuchcommand{x}$", "<p><code class=\"math\">\\nosuchcommand{x}</code></p>");
    assert!(html("$\\def\\a{b}\\a$").contains("<code class=\"math\">"));
}

#[test]
fn words_minutes_and_plain_text() {
    let Rendered { plain, words, minutes, .. } =
        render("# Title\n\nOne **two**[^1].\n\n[^1]: Note\n\n<p>raw</p>", Trust::Author);
    assert_eq!(plain, "Title\nOne two.\nraw\nNote");
    assert_eq!((words, minutes), (5, 1));
    assert_eq!(render(&"word ".repeat(1100), Trust::Author).minutes, 4);
    assert_eq!(render("", Trust::Author).minutes, 1);
}

#[test]
fn frames_need_trust_and_tls_and_are_links() {
    let frame = "<iframe src=\"https://example.com/v\" title=\"v\"></iframe>";
    let link = "<a class=\"embed frame\" href=\"https://example.com/v\">v</a>";
    assert_eq!(render(frame, Trust::RawHtml).html.trim(), link);
    assert_eq!(html(frame), "");
    for frame in ["<iframe src=\"http://example.com\"></iframe>", "<iframe srcdoc=\"<script>1</script>\"></iframe>"] {
        assert_eq!(render(frame, Trust::RawHtml).html.trim(), "");
    }
}

#[test]
fn nothing_that_runs_survives() {
    let attacks = [
        "<script>x()</script>",
        "<img src=x onerror=x()>",
        "<svg onload=x()><style><img src=x onerror=x()>",
        "[a](javascript:x()) <a href=\"JaVa\nscript:x()\">b</a> <a href=\"&#x6a;avascript:x()\">c</a>",
        "[a](data:text/html;base64,x) [b](vbscript:x) ![c](javascript:x())",
        "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=x()&gt;\">",
        "<math><annotation-xml encoding=\"text/html\"><img src=x onerror=x()></annotation-xml></math>",
        "<svg><a><set attributeName=href to=javascript:x() /><text>y</text></a></svg>",
        "<noscript><p title=\"</noscript><img src=x onerror=x()>\">",
        "<form action=javascript:x()><button>go</button></form><base href=//evil><meta http-equiv=refresh content=0>",
        "<object data=x.swf></object><embed src=x.swf><link rel=stylesheet href=x.css><style>@import 'x'</style>",
        "<p style=\"background:url(javascript:x())\">z</p>",
        "::button{url=\"javascript:x()\" text=\"<script>x()</script>\"}",
        ":::x\"onclick=\"x() {title=\"<img src=x onerror=x()>\"}\ny\n:::",
        "```\"><script>x()</script>\ny\n```",
        "[^\"><img src=x onerror=x()>]: z\n\n[^\"><img src=x onerror=x()>]",
        "$\\text{<img src=x onerror=x()>}$",
        "# <img src=x onerror=x()>",
    ];
    for attack in attacks {
        for trust in [Trust::Author, Trust::RawHtml] {
            let page = render(attack, trust).html;
            let tags = page.split('<').skip(1).filter_map(|tag| tag.split_once('>')).map(|(tag, _)| tag.to_lowercase());
            for tag in tags {
                let bad = [
                    "script",
                    "svg",
                    "form",
                    "object",
                    "embed ",
                    "base",
                    "meta",
                    "link ",
                    "style",
                    "noscript",
                    "set ",
                    "annotation",
                ];
                assert!(!bad.iter().any(|bad| tag.starts_with(bad)), "{attack} gave {page}");
                assert!(
                    !tag.contains("script:") && !tag.contains(" on") && !tag.contains("style="),
                    "{attack} gave {page}"
                );
                assert!(!tag.contains("data:"), "{attack} gave {page}");
            }
        }
    }
}

#[test]
fn sanitising_again_changes_nothing() {
    let text = "# T\n\n| a |\n|--:|\n| b |\n\n- [x] c\n\n```rust\nfn x() {}\n```\n\n$x^2$\n\n:::toggle{title=T}\nx\n:::\n\n<b><i>x</b>y</i>";
    let once = html(text);
    assert_eq!(super::sanitise::clean(&once, Trust::Author), once);
}

/// Each took seconds, or the stack, where it was not bounded. The limit is generous because tests run unoptimised.
#[test]
fn hostile_texts_are_bounded() {
    let texts = [
        ("quotes", "> ".repeat(10_000) + "deep"),
        ("lists", "- ".repeat(10_000) + "deep"),
        ("numbered lists", "1. ".repeat(10_000) + "deep"),
        ("stairs", (0..700).map(|depth| format!("{}- x\n", "  ".repeat(depth))).collect()),
        ("brackets", "[".repeat(20_000)),
        ("image brackets", "![".repeat(10_000) + &"](x)".repeat(10_000)),
        ("emphasis", "*a **a ".repeat(10_000)),
        ("elements", "<div>".repeat(100_000)),
        ("misnested elements", "<b><div></b>".repeat(20_000)),
        ("attributes", format!("<a {}>", "x ".repeat(50_000))),
        ("directives", ":::x\n".repeat(50_000)),
        ("groups", format!("${}x{}$", "{".repeat(50_000), "}".repeat(50_000))),
        ("code", format!("```cpp\n{}\n```", "((((((((\n".repeat(30_000))),
        ("headings", "# Same\n\n".repeat(10_000)),
        ("columns", format!("{0}\n{1}\n{0}", "|x".repeat(1_000), "|-".repeat(1_000))),
    ];
    for (name, text) in texts {
        let (done, finished) = std::sync::mpsc::channel();
        let started = std::time::Instant::now();
        std::thread::spawn(move || done.send(render(&text, Trust::RawHtml)));
        let page = finished.recv_timeout(Duration::from_secs(20));
        eprintln!("{name}: {:?}", started.elapsed());
        assert!(page.is_ok_and(|page| page.html.len() < 20_000_000), "{name}");
    }
}

proptest! {
    /// Whatever is typed renders, and what is rendered is already clean.
    #[test]
    fn any_mixture_of_marks_renders(
        pieces in prop::collection::vec(prop::sample::select(MARKS), 0..40)
    ) {
        let page = html(&pieces.concat());
        prop_assert_eq!(super::sanitise::clean(&page, Trust::Author), page);
    }
}

const MARKS: &[&str] = &[
    "a",
    " ",
    "\n",
    "\n\n",
    "    ",
    "# ",
    "> ",
    "- ",
    "1. ",
    "[",
    "](",
    ")",
    "![",
    "*",
    "**",
    "_",
    "~~",
    "`",
    "```",
    "```rust\n",
    "|",
    "|-|",
    "$",
    "$$",
    "\\",
    "{",
    "}",
    "^",
    "%",
    "&amp;",
    "&",
    "<b>",
    "</b>",
    "<div>",
    "<math>",
    "<!--",
    "-->",
    "[^1]",
    "[^1]: ",
    "[!NOTE]",
    ":::",
    ":::figure",
    "::embed{url=x}",
    "http://a.b",
    "日",
    "\0",
    "\r",
    "\t",
    "\\frac",
    "\\text{",
    "é",
];

#[test]
fn ten_thousand_headings_have_ten_thousand_ids() {
    let headings = render(&"# Same\n\n".repeat(10_000), Trust::Author).headings;
    let ids: std::collections::HashSet<_> = headings.iter().map(|heading| &heading.id).collect();
    assert_eq!(ids.len(), 10_000);
}
