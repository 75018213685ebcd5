//! The folder that a build writes: made beside the one it replaces, and put in its place when it is whole.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use minijinja::HtmlEscape;

use super::crawl::Page;
use crate::{render::address, theme::route::NOT_FOUND};

/// Tells a folder that a build has written.
const MARK: &str = ".perennial-build";
const INDEX: &str = "index.html";

#[derive(Debug)]
pub struct Folder {
    out: PathBuf,
    /// Where it is written until it is whole.
    work: PathBuf,
    files: BTreeSet<PathBuf>,
    pages: usize,
    /// By path: where it leads to, and the status of that.
    redirects: BTreeMap<String, (String, u16)>,
    /// Types that a server would not guess from the name of a file, by path.
    types: BTreeMap<String, String>,
}

impl Folder {
    /// Refuses a folder with something else in it.
    pub fn beside(out: &Path) -> anyhow::Result<Self> {
        let foreign = match fs::read_dir(out) {
            Ok(mut entries) => entries.next().is_some() && !out.join(MARK).is_file(),
            Err(error) if error.kind() == ErrorKind::NotFound => false,
            Err(error) => return Err(error).with_context(|| format!("{} cannot be used", out.display())),
        };
        if foreign {
            bail!("{} holds something that no build has written; choose a new or empty folder", out.display());
        }
        let name = out.file_name().context("the folder to write needs a name")?.to_string_lossy();
        let work = out.with_file_name(format!(".{name}.{}", std::process::id()));
        fs::create_dir_all(&work).with_context(|| format!("{} cannot be written", work.display()))?;
        Ok(Self {
            out: out.to_owned(),
            work,
            files: BTreeSet::new(),
            pages: 0,
            redirects: BTreeMap::new(),
            types: BTreeMap::new(),
        })
    }

    pub fn page(&mut self, path: &str, page: Page) -> anyhow::Result<()> {
        match page {
            Page::Redirect { to, status } => {
                self.redirects.insert(path.to_owned(), (to, status));
                Ok(())
            }
            Page::File { content_type, body } => {
                let file = file_of(path, is_html(&content_type));
                let kind = content_type.split(';').next().unwrap_or_default();
                if mime_guess::from_path(&file).first_or_octet_stream().essence_str() != kind {
                    self.types.insert(path.to_owned(), content_type);
                }
                self.pages += 1;
                self.write(&file, &body)
            }
        }
    }

    /// A file of the theme, under the address that pages know.
    pub fn asset(&mut self, url: &str, body: &[u8]) -> anyhow::Result<()> {
        self.write(Path::new(url.trim_start_matches('/')), body)
    }

    /// Leads from a path to another, if no page is there.
    pub fn redirect(&mut self, from: &str, to: &str, status: u16) -> anyhow::Result<()> {
        self.redirects.entry(from.to_owned()).or_insert_with(|| (to.to_owned(), status));
        Ok(())
    }

    /// Copies a file that is there to this name.
    pub fn copy(&mut self, from: &Path, name: &str) -> anyhow::Result<()> {
        let to = Path::new(name);
        self.room(to)?;
        fs::copy(from, self.work.join(to)).with_context(|| format!("{} cannot be copied", from.display()))?;
        Ok(())
    }

    /// Writes what is left and puts the folder in place; how many pages and redirects it has. `policy`: what browsers hold its
    /// pages to.
    pub fn finish(mut self, policy: &str) -> anyhow::Result<(usize, usize)> {
        let redirects = std::mem::take(&mut self.redirects);
        let mut rules = String::new();
        for (from, (to, status)) in &redirects {
            let file = file_of(from, true);
            if !self.files.contains(&file) {
                self.write(&file, stub(to).as_bytes())?;
            }
            rules.push_str(&format!("{} {to} {status}\n", address::encode(from)));
        }
        self.write(Path::new("_redirects"), rules.as_bytes())?;
        let mut headers = format!("/*\n  Content-Security-Policy: {policy}\n");
        for path in ["/assets/*", "/media/*"] {
            headers.push_str(&format!("{path}\n  Cache-Control: public, max-age=31536000, immutable\n"));
        }
        for (path, kind) in &self.types {
            headers.push_str(&format!("{}\n  Content-Type: {kind}\n", address::encode(path)));
        }
        self.write(Path::new("_headers"), headers.as_bytes())?;
        self.write(Path::new(MARK), b"")?;
        self.put_in_place().with_context(|| format!("{} cannot be put in place", self.out.display()))?;
        Ok((self.pages, redirects.len()))
    }

    fn put_in_place(&self) -> std::io::Result<()> {
        if !self.out.exists() {
            return fs::rename(&self.work, &self.out);
        }
        let old = self.work.with_extension("old");
        fs::rename(&self.out, &old)?;
        fs::rename(&self.work, &self.out)?;
        fs::remove_dir_all(old)
    }

    fn write(&mut self, file: &Path, body: &[u8]) -> anyhow::Result<()> {
        self.room(file)?;
        fs::write(self.work.join(file), body).with_context(|| format!("{} cannot be written", file.display()))?;
        self.files.insert(file.to_owned());
        Ok(())
    }

    fn room(&self, file: &Path) -> anyhow::Result<()> {
        let Some(parent) = file.parent() else { return Ok(()) };
        fs::create_dir_all(self.work.join(parent))
            .with_context(|| format!("{} cannot be written; is there a page at a path above it?", file.display()))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.work); // There is none once it is in place.
    }
}

/// The file that a web server gives for a path. `html`: what stands there is a page and not a file of another kind.
fn file_of(path: &str, html: bool) -> PathBuf {
    let relative = path.trim_start_matches('/');
    if path == NOT_FOUND {
        return PathBuf::from("404.html");
    }
    if path.ends_with('/') {
        return Path::new(relative).join(INDEX);
    }
    let last = relative.rsplit('/').next().unwrap_or_default();
    if html && !last.contains('.') { Path::new(relative).join(INDEX) } else { PathBuf::from(relative) }
}

fn is_html(content_type: &str) -> bool {
    content_type.starts_with("text/html")
}

/// A page that leads to another, for servers that know no redirects.
fn stub(to: &str) -> String {
    let to = HtmlEscape(to);
    format!(
        "<!doctype html>\n<meta charset=\"utf-8\">\n<title>Moved</title>\n<link rel=\"canonical\" href=\"{to}\">\n\
         <meta http-equiv=\"refresh\" content=\"0; url={to}\">\n<a href=\"{to}\">{to}</a>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_where_servers_look_for_it() {
        for (path, html, file) in [
            ("/", true, "index.html"),
            ("/404", true, "404.html"),
            ("/a/b/", true, "a/b/index.html"),
            ("/a/b", true, "a/b/index.html"),
            ("/rss.xml", false, "rss.xml"),
            ("/feed", false, "feed"),
            ("/old.html", true, "old.html"),
            ("/café/", true, "café/index.html"),
        ] {
            assert_eq!(file_of(path, html), Path::new(file), "{path}");
        }
    }
}
