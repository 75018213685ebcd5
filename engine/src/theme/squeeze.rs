//! Squeezing: stylesheets and scripts without what only their author needs. Whatever could mean something stays: browsers
//! read the same rules and statements as before.

/// A stylesheet without comments and without space that separates nothing.
pub fn css(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source.chars().peekable();
    let mut space = false;
    while let Some(c) = rest.next() {
        match c {
            '/' if rest.peek() == Some(&'*') => {
                let mut before = ' ';
                rest.next();
                for inner in rest.by_ref() {
                    if before == '*' && inner == '/' {
                        break;
                    }
                    before = inner;
                }
                // `a/**/b` are two words.
                space = true;
            }
            c if c.is_ascii_whitespace() => space = true,
            c => {
                let separates = !"{};,".contains(c) && !out.ends_with(['{', '}', ';', ',']) && !out.is_empty();
                if std::mem::take(&mut space) && separates {
                    out.push(' ');
                }
                if c == '}' && out.ends_with(';') {
                    out.pop();
                }
                out.push(c);
                if c == '"' || c == '\'' {
                    let mut escaped = false;
                    for inner in rest.by_ref() {
                        out.push(inner);
                        if inner == c && !escaped {
                            break;
                        }
                        escaped = inner == '\\' && !escaped;
                    }
                }
            }
        }
    }
    out
}

/// A script without indentation, empty lines and lines that are comments. Ends of lines stay: they can end statements.
pub fn js(source: &str) -> String {
    // Texts over several lines keep their spaces.
    if source.contains('`') || source.contains("\\\n") {
        return source.to_owned();
    }
    let mut out = String::with_capacity(source.len());
    let mut inside = false;
    for line in source.lines().map(str::trim) {
        let begins = line.starts_with("/*") && !line.starts_with("/*!") && only_comment(line);
        if inside || begins {
            inside = !line.ends_with("*/");
        } else if !line.is_empty() && !line.starts_with("//") {
            out.push_str(line);
            out.push('\n');
        }
    }
    if inside { source.to_owned() } else { out }
}

/// Whether the comment that begins the line ends with it, or goes on.
fn only_comment(line: &str) -> bool {
    line.find("*/").is_none_or(|end| end + 2 == line.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stylesheet_keeps_every_space_that_separates_words() {
        let source = "/* A comment. */\n@media (min-width: 40em) and (hover) {\n  main > p :is(a, b)::before {\n    \
                      content: \"/* a  b; */\";\n    width: calc(1px + 2 * var(--x, 3px));\n  }\n}\n";
        let squeezed = "@media (min-width: 40em) and (hover){main > p :is(a,b)::before{content: \"/* a  b; */\";\
                        width: calc(1px + 2 * var(--x,3px))}}";
        assert_eq!(css(source), squeezed);
        assert_eq!(css(squeezed), squeezed);
        assert_eq!(css("a/**/b{c:\"\\\"}\"}"), "a b{c:\"\\\"}\"}");
        assert_eq!(css("p { color: red; }"), "p{color: red}");
    }

    #[test]
    fn a_script_keeps_its_lines_and_texts() {
        let source =
            "// What it does.\n/* More\n   of it. */\n  const a = \"// no comment\"\n\n  let b = a /* why */ + 1;\n";
        assert_eq!(js(source), "const a = \"// no comment\"\nlet b = a /* why */ + 1;\n");
        for whole in ["const text = `\n  // two\n`;\n", "const a = 'b\\\n   c';\n", "/* never ends\nlet a;\n"] {
            assert_eq!(js(whole), whole);
        }
    }
}
