//! Jekyll's Liquid tags: those with a meaning in any text are carried out, the others stay as they are and are reported.

use super::{front::Fields, prose::Code};

/// What the tags of a text can ask of the tree.
pub struct Context<'a> {
    pub config: &'a Fields,
    /// The address of a file of the tree, by its path or the end of its path.
    pub address_of: &'a dyn Fn(&str) -> Option<String>,
}

/// A tag or an output, from its braces on.
struct Tag<'a> {
    name: &'a str,
    rest: &'a str,
    is_output: bool,
    length: usize,
}

/// The text with its tags carried out, and what was left.
pub fn expand(body: &str, context: &Context<'_>) -> (String, Vec<String>) {
    let code = Code::find(body);
    let (mut out, mut notes) = (String::with_capacity(body.len()), Vec::new());
    let mut at = 0;
    while let Some(rest) = body.get(at..).filter(|rest| !rest.is_empty()) {
        let next = rest.find("{%").into_iter().chain(rest.find("{{")).min();
        let Some(next) = next else {
            out.push_str(rest);
            break;
        };
        let (before, rest) = rest.split_at(next);
        out.push_str(before);
        at += next;
        let Some(tag) = Tag::parse(rest) else {
            out.push('{');
            at += 1;
            continue;
        };
        let after = rest.get(tag.length..).unwrap_or_default();
        let carried_out = match tag.name {
            // Raw text is unwrapped even in code: the tags never were part of it.
            "raw" => block(after, "endraw").map(|(inner, length)| (inner.to_owned(), length)),
            _ if code.contains(at) => None,
            "comment" => block(after, "endcomment").map(|(_, length)| (String::new(), length)),
            "highlight" => block(after, "endhighlight").map(|(inner, length)| (fenced(tag.rest, inner), length)),
            _ => value(&tag, context).map(|value| (value, 0)),
        };
        if let Some((text, length)) = carried_out {
            out.push_str(&text);
            at += tag.length + length;
        } else {
            if !code.contains(at) {
                note(&mut notes, &tag);
            }
            out.push_str(rest.get(..tag.length).unwrap_or_default());
            at += tag.length;
        }
    }
    (out, notes)
}

impl<'a> Tag<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let (is_output, close) = if text.starts_with("{{") { (true, "}}") } else { (false, "%}") };
        let inner = text.get(2..)?;
        let end = inner.find(close)?;
        let content = inner.get(..end)?.trim_matches('-').trim();
        let (name, rest) =
            if is_output { (content, "") } else { content.split_once(char::is_whitespace).unwrap_or((content, "")) };
        Some(Self { name, rest: rest.trim(), is_output, length: end + 4 })
    }
}

/// What stands before the tag `end`, and the length up to behind that tag.
fn block<'a>(text: &'a str, end: &str) -> Option<(&'a str, usize)> {
    let mut at = 0;
    while let Some(next) = text.get(at..)?.find("{%") {
        at += next;
        let rest = text.get(at..)?;
        match Tag::parse(rest) {
            Some(tag) if tag.name == end => return Some((text.get(..at)?, at + tag.length)),
            _ => at += 2,
        }
    }
    None
}

fn fenced(options: &str, inner: &str) -> String {
    let language = options.split_whitespace().next().unwrap_or_default();
    let (code, _) = block(inner, "endraw")
        .map_or((inner, 0), |(before, _)| (before.split_once("%}").map_or(before, |(_, code)| code), 0));
    let ticks = if code.contains("```") { "````" } else { "```" };
    format!("{ticks}{language}\n{}\n{ticks}", code.trim_matches('\n'))
}

/// What an output or a link tag stands for.
fn value(tag: &Tag<'_>, context: &Context<'_>) -> Option<String> {
    if tag.is_output {
        if let Some(key) = tag.name.strip_prefix("site.") {
            return context.config.text(key).or_else(|| (key == "baseurl").then(String::new));
        }
        let (quoted, filter) = tag.name.split_once('|')?;
        let path = quoted.trim().strip_prefix('"')?.strip_suffix('"')?;
        return matches!(filter.trim(), "relative_url" | "absolute_url").then(|| path.to_owned());
    }
    match tag.name {
        "link" | "post_url" => (context.address_of)(tag.rest),
        _ => None,
    }
}

fn note(notes: &mut Vec<String>, tag: &Tag<'_>) {
    let what = if tag.is_output {
        format!("{{{{ {} }}}}", tag.name)
    } else {
        format!("{{% {} %}}", [tag.name, tag.rest].join(" ").trim())
    };
    let text = format!("{what} was kept as text");
    if !notes.contains(&text) {
        notes.push(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(body: &str) -> (String, Vec<String>) {
        let config = Fields::yaml("repository: https://x.org/r").unwrap();
        let address_of =
            |name: &str| (name == "_posts/2020-01-01-a.md" || name == "2020-01-01-a").then(|| "/a/".to_owned());
        expand(body, &Context { config: &config, address_of: &address_of })
    }

    #[test]
    fn links_and_values_are_filled_in() {
        let body = "[a]({% link\n_posts/2020-01-01-a.md %}#x) [b]: {% post_url 2020-01-01-a %} {{ site.repository }}/1 {{ \"/d/\" | relative_url }}";
        assert_eq!(expanded(body).0, "[a](/a/#x) [b]: /a/ https://x.org/r/1 /d/");
        assert_eq!(expanded(body).1, [""; 0]);
    }

    #[test]
    fn raw_is_unwrapped_and_highlight_becomes_a_fence() {
        assert_eq!(expanded("{% raw %}`{% link %}`{% endraw %}").0, "`{% link %}`");
        assert_eq!(expanded("```\n{% raw %}{{ x }}{% endraw %}\n```").0, "```\n{{ x }}\n```");
        assert_eq!(expanded("{% highlight ruby linenos %}\nputs 1\n{% endhighlight %}").0, "```ruby\nputs 1\n```");
        assert_eq!(
            expanded("{%\n highlight\n ruby\n%}\n{% raw\n%}\nx\n{% endraw %}\n{% endhighlight %}").0,
            "```ruby\nx\n```"
        );
    }

    #[test]
    fn the_rest_stays_and_is_reported() {
        let (text, notes) =
            expanded("{% include sig.md %} {{ page.title }} {% include sig.md %} `{{ page.url }}` {{ open");
        assert_eq!(text, "{% include sig.md %} {{ page.title }} {% include sig.md %} `{{ page.url }}` {{ open");
        assert_eq!(notes, ["{% include sig.md %} was kept as text", "{{ page.title }} was kept as text"]);
    }
}
