//! What Zola's front matter and folders say.

use super::{
    address, date,
    front::Front,
    site::Site,
    text::{Text, last_name, tags},
};

/// Reads one text; an error says why it is none.
pub fn read(site: &Site, file: &str, front: &Front<'_>) -> Result<Text, String> {
    let below = site.below_content(file).ok_or("it lies outside the folder of the texts")?;
    let stem = address::stem(below);
    if stem == "_index" {
        return Err("a section's page: tag pages and the archive take its place".to_owned());
    }
    let mut text = Text::common(file, front, &site.zone);
    if text.is_empty() {
        return Err("it has no text of its own, only a template".to_owned());
    }
    let fields = &front.fields;
    let place = if stem == "index" { address::folder(below) } else { below };
    let (file_date, title) = date::of_file(address::stem(place)).filter(|(_, title)| !title.is_empty()).unzip();
    let name =
        fields.text("slug").unwrap_or_else(|| slug::slugify(title.unwrap_or_else(|| bundle_or_stem(place, stem))));
    let pattern = || {
        let folders: Vec<String> = address::folder(place).split('/').map(slug::slugify).collect();
        address::path(&format!("{}/{name}", folders.join("/")))
    };
    let own = fields.text("path").and_then(|path| address::path(&path));
    if own.is_none() && fields.has("path") {
        text.notes.push("its path leads out of the site and was refused".to_owned());
    }
    text.url = own.or_else(pattern).ok_or("its address cannot be made")?;
    text.name = last_name(&text.url);
    text.date_from(&text.url.clone(), file_date, &site.zone);
    text.is_page = text.published_at.is_none();
    text.tags = tags(&[fields.list("taxonomies.categories"), fields.list("taxonomies.tags"), fields.list("tags")]);
    Ok(text.finished())
}

/// A bundle's folder may have a dot in its name, a file's extension is none of its name.
fn bundle_or_stem<'a>(place: &'a str, stem: &'a str) -> &'a str {
    if stem == "index" { place.rsplit('/').next().unwrap_or(place) } else { stem }
}
