//! Addresses of an old site: made canonical, or refused when they lead out of it.

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

/// What may not stand in the path of a link (RFC 3986, 3.3), and what Markdown would read as its end.
const UNSAFE: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'(')
    .add(b')')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Paths that name a file, not a folder, keep their end.
const FILES: [&str; 10] = ["html", "htm", "xhtml", "php", "asp", "aspx", "xml", "json", "txt", "pdf"];

/// A path as readers ask for it: decoded, with a slash before it and, unless it is a file's, one behind. `None` when it
/// leads out of the site or cannot be a path.
pub fn path(raw: &str) -> Option<String> {
    let decoded = percent_decode_str(raw.trim()).decode_utf8().ok()?;
    if decoded.contains(|c: char| c.is_control() || c == '\\' || c == '?') {
        return None;
    }
    let segments: Vec<&str> = decoded.split('/').filter(|segment| !segment.is_empty()).collect();
    if segments.iter().any(|segment| matches!(*segment, "." | "..")) {
        return None;
    }
    let last = segments.last().copied().unwrap_or_default();
    let is_file = !decoded.ends_with('/')
        && last.rsplit_once('.').is_some_and(|(_, extension)| FILES.contains(&extension.to_ascii_lowercase().as_str()));
    let end = if is_file || segments.is_empty() { "" } else { "/" };
    Some(format!("/{}{end}", segments.join("/")))
}

/// A path as it stands in a link.
pub fn encoded(path: &str) -> String {
    utf8_percent_encode(path, UNSAFE).to_string()
}

/// What follows the site's own address in a URL; `None` for other sites.
pub fn within<'a>(url: &'a str, base: &str) -> Option<&'a str> {
    let bare = |url: &'a str| url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let host = base.trim_end_matches('/');
    let host =
        host.strip_prefix("https://").or_else(|| host.strip_prefix("http://")).filter(|host| !host.is_empty())?;
    let (start, rest) = bare(url)?.split_at_checked(host.len())?;
    (start.eq_ignore_ascii_case(host) && (rest.is_empty() || rest.starts_with(['/', '#', '?']))).then_some(rest)
}

/// A relative file path as seen from a folder, both within the tree; `None` when it leaves the tree.
pub fn join(folder: &str, relative: &str) -> Option<String> {
    let mut segments: Vec<&str> = folder.split('/').filter(|segment| !segment.is_empty()).collect();
    for segment in relative.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop()?;
            }
            name => segments.push(name),
        }
    }
    Some(segments.join("/"))
}

/// The folder of a file's path.
pub fn folder(file: &str) -> &str {
    file.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// A file's name without its extension.
pub fn stem(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_canonical() {
        assert_eq!(path("2014/12/12/1.0-Timeline").as_deref(), Some("/2014/12/12/1.0-Timeline/"));
        assert_eq!(path("/2014//a.html").as_deref(), Some("/2014/a.html"));
        assert_eq!(path("/caf%C3%A9/").as_deref(), Some("/café/"));
        assert_eq!(path("/a.html/").as_deref(), Some("/a.html/"));
        assert_eq!(path("").as_deref(), Some("/"));
    }

    #[test]
    fn paths_that_lead_out_are_refused() {
        for raw in ["/%2e%2e/%2e%2e/baddie.html", "../x", "/a/./b", "/a\\..\\b", "/a%00b", "/a?b", "/%ff"] {
            assert_eq!(path(raw), None, "{raw}");
        }
    }

    #[test]
    fn own_links_are_recognised_whatever_the_scheme() {
        let base = "https://Blog.example.org/";
        assert_eq!(within("http://blog.example.org/2020/x.html#y", base), Some("/2020/x.html#y"));
        assert_eq!(within("https://blog.example.org", base), Some(""));
        assert_eq!(within("https://blog.example.org.evil/x", base), None);
        assert_eq!(within("https://other.org/", base), None);
        assert_eq!(within("/x", base), None);
        assert_eq!(within("https://x", ""), None);
    }

    #[test]
    fn relative_files_stay_within_the_tree() {
        assert_eq!(join("content/a", "./b.png").as_deref(), Some("content/a/b.png"));
        assert_eq!(join("content/a", "../b.png").as_deref(), Some("content/b.png"));
        assert_eq!(join("content", "../../etc/passwd"), None);
        assert_eq!((folder("a/b.md"), stem("a/1.0-x.md")), ("a", "1.0-x"));
    }
}
