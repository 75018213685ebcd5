//! Headings with an id of their own, `## Title {#id}`: links to it still arrive, though headings here make their ids themselves.

use super::prose::Code;

/// The text with such ids taken off, and an anchor in their place where the heading's own id will be another.
pub fn settle(markdown: &str) -> String {
    let code = Code::find(markdown);
    let mut out = String::with_capacity(markdown.len());
    let mut at = 0;
    for line in markdown.split_inclusive('\n') {
        match heading(line).filter(|_| !code.contains(at)) {
            Some((title, id)) if slug::slugify(title.trim_start_matches('#')) == id => out.push_str(title),
            Some((title, id)) => out.push_str(&format!("{title} <a id=\"{id}\"></a>")),
            None => out.push_str(line.trim_end_matches('\n')),
        }
        out.push_str(if line.ends_with('\n') { "\n" } else { "" });
        at += line.len();
    }
    out
}

/// The marks and words of a heading, and the id behind them.
fn heading(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_end();
    let marks = line.len() - line.trim_start_matches('#').len();
    let (title, attributes) = line.strip_suffix('}')?.rsplit_once("{#").filter(|_| (1..=6).contains(&marks))?;
    let id = attributes.split_whitespace().next()?;
    let plain = id.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':'));
    plain.then_some((title.trim_end(), id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_move_from_the_end_of_headings() {
        let text = "# A quick primer {#preliminary}\n## Motivation {#motivation}\n\n```\n# x {#y}\n```\nNo {#heading}\n### `code` {#c .wide}\n";
        let settled = "# A quick primer <a id=\"preliminary\"></a>\n## Motivation\n\n```\n# x {#y}\n```\nNo {#heading}\n### `code` <a id=\"c\"></a>\n";
        assert_eq!(settle(text), settled);
        assert_eq!(settle(settled), settled);
    }
}
