//! What `perennial export` has written: everything stays as it is.

use super::{address, date, front::Front, site::Site, text::Text};

/// Reads one text; an error says why it is none.
pub fn read(site: &Site, file: &str, front: &Front<'_>) -> Result<Text, String> {
    let is_page = match file.split_once('/') {
        Some(("posts", _)) => false,
        Some(("pages", _)) => true,
        _ => return Err("it lies outside the folders of posts and pages".to_owned()),
    };
    let fields = &front.fields;
    let moment = |name: &str| date::parse(&fields.text(name)?, &site.zone);
    let name = fields.text("slug").unwrap_or_else(|| address::stem(file).to_owned());
    let url = match fields.text("url") {
        Some(url) if url.starts_with('/') => url,
        _ => address::path(&name).ok_or("its address cannot be made")?,
    };
    Ok(Text {
        file: file.to_owned(),
        is_page,
        draft: fields.flag("draft") == Some(true),
        title: fields.text("title").unwrap_or_default(),
        name,
        url,
        published_at: moment("date"),
        updated_at: moment("updated"),
        tags: fields.list("tags"),
        authors: fields.list("authors"),
        excerpt: fields.text("excerpt"),
        image: fields.text("feature_image"),
        image_alt: fields.text("feature_image_alt"),
        featured: fields.flag("featured") == Some(true),
        seo_title: fields.text("seo_title"),
        seo_description: fields.text("seo_description"),
        canonical_url: fields.text("canonical_url"),
        old_paths: fields.list("aliases"),
        body: front.body.to_owned(),
        notes: Vec::new(),
    })
}
