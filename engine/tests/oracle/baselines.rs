//! Baselines: what others would have made again for the same edits, who do not know what a page read.

use std::collections::BTreeSet;

use perennial::content::tag::CacheTag;

/// One stored page around an edit.
pub struct Page {
    /// The name of the post whose own page it is.
    pub own: Option<CacheTag>,
    pub tags: BTreeSet<CacheTag>,
    /// Whether a reader gets something else now.
    pub differs: bool,
}

#[derive(Default)]
struct Tally {
    made: usize,
    in_vain: usize,
    missed: usize,
}

/// Three ways to purge, each counted over all edits.
#[derive(Default)]
pub struct Baselines {
    everything: Tally,
    by_path: Tally,
    by_coarse_tag: Tally,
}

impl Tally {
    fn count(&mut self, pages: &[Page], purges: impl Fn(&Page) -> bool) {
        for page in pages {
            match (purges(page), page.differs) {
                (true, differs) => {
                    self.made += 1;
                    self.in_vain += usize::from(!differs);
                }
                (false, true) => self.missed += 1,
                (false, false) => {}
            }
        }
    }
}

impl Baselines {
    /// Takes one edit: the tags it announced, and every page that was stored before.
    pub fn count(&mut self, changed: &BTreeSet<CacheTag>, pages: &[Page]) {
        if changed.is_empty() {
            return;
        }
        self.everything.count(pages, |_| true);
        self.by_path.count(pages, |page| is_purged_by_path(changed, page));
        let coarse: BTreeSet<_> = changed.iter().map(coarse).collect();
        self.by_coarse_tag.count(pages, |page| page.tags.iter().any(|tag| coarse.contains(&self::coarse(tag))));
    }

    pub fn report(&self) {
        for (name, tally) in
            [("everything", &self.everything), ("by path", &self.by_path), ("by coarse tag", &self.by_coarse_tag)]
        {
            let Tally { made, in_vain, missed } = tally;
            let share = 100.0 * *in_vain as f64 / (*made).max(1) as f64;
            println!(
                "purging {name}: {made} pages made again, {in_vain} of them in vain ({share:.1} %), {missed} missed"
            );
        }
    }

    /// What purging everything would have made.
    pub fn everything(&self) -> usize {
        self.everything.made
    }
}

/// As plugins do it that know addresses: a post's own page and every list and feed; for anything else the whole site.
fn is_purged_by_path(changed: &BTreeSet<CacheTag>, page: &Page) -> bool {
    let kind = |kind: &str| changed.iter().any(|tag| tag.as_str().starts_with(kind));
    let of_posts = kind("post:") && !kind("settings") && !kind("menu:");
    !of_posts || page.own.as_ref().is_none_or(|own| changed.contains(own))
}

/// The name of the kind of thing, but of single posts and slugs their own.
fn coarse(tag: &CacheTag) -> String {
    let name = tag.as_str();
    match name.split_once(':') {
        Some(("posts" | "titles" | "updates", _)) => "posts".into(),
        Some(("tag", _)) => "tags".into(),
        Some(("author", _)) => "authors".into(),
        _ => name.into(),
    }
}
