//! Shortcodes of Hugo and Zola: the usual ones become Markdown, the others stay as they are and are reported.

use super::prose::Code;

/// A shortcode's opening mark with its name and arguments.
struct Shortcode<'a> {
    name: &'a str,
    arguments: Vec<(&'a str, &'a str)>,
    closes: bool,
    length: usize,
}

/// The text with its shortcodes written as Markdown, and what was left. `address_of` gives the address of a file of the tree.
pub fn expand(body: &str, address_of: &dyn Fn(&str) -> Option<String>) -> (String, Vec<String>) {
    let code = Code::find(body);
    let (mut out, mut notes) = (String::with_capacity(body.len()), Vec::new());
    let mut at = 0;
    while let Some(rest) = body.get(at..).filter(|rest| !rest.is_empty()) {
        let next = rest.find("{{").into_iter().chain(rest.find("{%")).min().unwrap_or(rest.len());
        let (before, rest) = rest.split_at(next);
        out.push_str(before);
        at += next;
        let Some(shortcode) = Shortcode::parse(rest).filter(|_| !code.contains(at)) else {
            let length = rest.chars().next().map_or(0, char::len_utf8);
            out.push_str(rest.get(..length).unwrap_or_default());
            at += length;
            continue;
        };
        let after = rest.get(shortcode.length..).unwrap_or_default();
        let inner = inner(after, shortcode.name);
        if let Some(markdown) = leaf(&shortcode, address_of) {
            out.push_str(&markdown);
            at += shortcode.length;
        } else if let Some((markdown, (_, length))) =
            inner.and_then(|inner| Some((container(&shortcode, inner.0)?, inner)))
        {
            out.push_str(&markdown);
            at += shortcode.length + length;
        } else {
            let note = format!("the shortcode \"{}\" was kept as text", shortcode.name);
            if !shortcode.closes && !notes.contains(&note) {
                notes.push(note);
            }
            out.push_str(rest.get(..shortcode.length).unwrap_or_default());
            at += shortcode.length;
        }
    }
    (out, notes)
}

impl<'a> Shortcode<'a> {
    /// `{{< name a b="c" >}}`, `{{% name %}}`, `{{ name(a="b") }}` or `{% name() %}`.
    fn parse(text: &'a str) -> Option<Self> {
        for (open, close) in [("{{<", ">}}"), ("{{%", "%}}"), ("{{", "}}"), ("{%", "%}")] {
            let Some(inner) = text.strip_prefix(open) else { continue };
            let end = inner.find(close)?;
            let content = inner.get(..end)?.trim();
            let length = open.len() + end + close.len();
            if open.len() == 3 {
                let (closes, content) =
                    content.strip_prefix('/').map_or((false, content), |content| (true, content.trim()));
                let content = content.trim_end_matches('/');
                let (name, rest) = content.split_once(char::is_whitespace).unwrap_or((content, ""));
                let named = !name.is_empty() && name.starts_with(char::is_alphabetic);
                return named.then(|| Self { name, arguments: arguments(rest, char::is_whitespace), closes, length });
            }
            if content == "end" {
                return Some(Self { name: "end", arguments: Vec::new(), closes: true, length });
            }
            let (name, rest) = content.split_once('(')?;
            let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
            let rest = rest.strip_suffix(')')?;
            return is_name.then(|| Self {
                name,
                arguments: arguments(rest, |c| c == ',' || c.is_whitespace()),
                closes: false,
                length,
            });
        }
        None
    }

    /// The value of a named argument, or of the one at a place.
    fn value(&self, name: &str, place: usize) -> Option<&'a str> {
        let named = self.arguments.iter().find(|(key, _)| *key == name);
        let placed = self.arguments.iter().filter(|(key, _)| key.is_empty()).nth(place);
        named.or(placed).map(|(_, value)| *value).filter(|value| !value.is_empty())
    }
}

/// What stands before the closing mark, and the length up to behind it.
fn inner<'a>(text: &'a str, name: &str) -> Option<(&'a str, usize)> {
    let mut at = 0;
    while let Some(next) = text.get(at..)?.find('{') {
        at += next;
        match Shortcode::parse(text.get(at..)?) {
            Some(mark) if mark.closes && (mark.name == name || mark.name == "end") => {
                return Some((text.get(..at)?, at + mark.length));
            }
            _ => at += 1,
        }
    }
    None
}

fn arguments(mut text: &str, separates: impl Fn(char) -> bool) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    loop {
        text = text.trim_start_matches(&separates);
        if text.is_empty() {
            return found;
        }
        let name_end = text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')).unwrap_or(text.len());
        let (name, rest) = text.split_at(name_end);
        let (name, value) = match rest.trim_start().strip_prefix('=') {
            Some(value) => (name, value.trim_start()),
            None => ("", text),
        };
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'));
        let (value, rest) = match quote.and_then(|quote| value.get(1..)?.split_once(quote)) {
            Some(split) => split,
            None => value.split_at(value.find(&separates).unwrap_or(value.len())),
        };
        found.push((name, value));
        text = rest;
    }
}

fn leaf(shortcode: &Shortcode<'_>, address_of: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let embed = |url: String| Some(format!("::embed{{url=\"{url}\"}}"));
    match shortcode.name {
        _ if shortcode.closes => None,
        "youtube" => embed(format!("https://www.youtube.com/watch?v={}", shortcode.value("id", 0)?)),
        "vimeo" => embed(format!("https://vimeo.com/{}", shortcode.value("id", 0)?)),
        "x" | "tweet" | "twitter" => {
            let (user, id) = (shortcode.value("user", 0)?, shortcode.value("id", 1)?);
            embed(format!("https://x.com/{user}/status/{id}"))
        }
        "gist" => {
            embed(format!("https://gist.github.com/{}/{}", shortcode.value("user", 0)?, shortcode.value("id", 1)?))
        }
        "figure" => figure(shortcode),
        "ref" | "relref" => address_of(shortcode.value("path", 0)?),
        _ => None,
    }
}

fn figure(shortcode: &Shortcode<'_>) -> Option<String> {
    let image = format!("![{}]({})", shortcode.value("alt", 1).unwrap_or_default(), shortcode.value("src", 0)?);
    let image = shortcode.value("link", 9).map_or(image.clone(), |link| format!("[{image}]({link})"));
    Some(match shortcode.value("caption", 9).or_else(|| shortcode.value("title", 9)) {
        Some(caption) => format!(":::figure\n{image}\n\n{caption}\n:::"),
        None => image,
    })
}

fn container(shortcode: &Shortcode<'_>, inner: &str) -> Option<String> {
    let inner = inner.trim_matches('\n');
    let alert = |kind: &str| {
        let lines = inner.lines().map(|line| format!("> {line}").trim_end().to_owned());
        Some(std::iter::once(format!("> [!{kind}]")).chain(lines).collect::<Vec<_>>().join("\n"))
    };
    match shortcode.name {
        "note" | "info" => alert("NOTE"),
        "tip" | "hint" => alert("TIP"),
        "important" => alert("IMPORTANT"),
        "warning" => alert("WARNING"),
        "caution" | "danger" => alert("CAUTION"),
        "highlight" => Some(format!("```{}\n{inner}\n```", shortcode.value("lang", 0).unwrap_or_default())),
        "details" => Some(format!(
            ":::toggle{{title=\"{}\"}}\n{inner}\n:::",
            shortcode.value("summary", 0).unwrap_or("…").replace('"', "&quot;")
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn becomes(body: &str, expected: &str) {
        let (text, notes) = expand(body, &|name| (name == "/a.md").then(|| "/a/".to_owned()));
        assert_eq!(text, expected, "{body}");
        assert!(notes.is_empty(), "{notes:?}");
    }

    #[test]
    fn the_usual_ones_become_markdown() {
        becomes("{{< youtube abc-1 >}}", "::embed{url=\"https://www.youtube.com/watch?v=abc-1\"}");
        becomes("{{ youtube(id=\"abc\") }}", "::embed{url=\"https://www.youtube.com/watch?v=abc\"}");
        becomes("{{< x user=\"u\" id=\"1\" >}}", "::embed{url=\"https://x.com/u/status/1\"}");
        becomes("{{< figure src=\"/i.png\" alt=\"I\" caption=\"Say\" >}}", ":::figure\n![I](/i.png)\n\nSay\n:::");
        becomes("[a]({{< ref \"/a.md\" >}})", "[a](/a/)");
        becomes("{{% warning %}}\nHot\n\npan\n{{% /warning %}}", "> [!WARNING]\n> Hot\n>\n> pan");
        becomes("{{< highlight go >}}\nx\n{{< /highlight >}}", "```go\nx\n```");
    }

    #[test]
    fn the_rest_stays_and_is_reported() {
        let body =
            "{{< plotly >}} {{< plotly >}} `{{< plotly >}}` {{closure}} {{ a.b }}\n\n{% quote(by=\"x\") %}q{% end %}";
        let (text, notes) = expand(body, &|_| None);
        assert_eq!(text, body);
        assert_eq!(notes, ["the shortcode \"plotly\" was kept as text", "the shortcode \"quote\" was kept as text"]);
    }

    #[test]
    fn code_is_content() {
        becomes(
            "```\n{{< youtube abc >}}\n```\n\n`{{< youtube abc >}}`",
            "```\n{{< youtube abc >}}\n```\n\n`{{< youtube abc >}}`",
        );
    }
}
