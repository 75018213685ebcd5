//! What Hugo's front matter and folders say.

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
        return Err("it has no text of its own".to_owned());
    }
    let (status, file_date, name) = name_of(if stem == "index" { last_folder(below) } else { stem });
    match status {
        Some("deleted") => return Err("its name says that it was deleted".to_owned()),
        Some("draft") => text.draft = true,
        _ => {}
    }
    let fields = &front.fields;
    let slug = fields.text("slug");
    text.name = slug.clone().unwrap_or_else(|| name.to_owned());
    text.date_from(&fields.text("url").unwrap_or_default(), file_date, &site.zone);
    let folder = if stem == "index" { address::folder(address::folder(below)) } else { address::folder(below) };
    let own = fields.text("url").and_then(|url| address::path(&url));
    if own.is_none() && fields.has("url") {
        text.notes.push("its url leads out of the site and was refused".to_owned());
    }
    let made = || address::path(&permalink(site, folder, &text, slug.as_deref().unwrap_or(stem_name(stem, below))));
    text.url = own.or_else(made).ok_or("its address cannot be made")?;
    if fields.has("url") {
        text.name = last_name(&text.url);
    }
    text.is_page = text.published_at.is_none();
    text.tags = tags(&[fields.list("categories"), fields.list("tags"), fields.list("keywords")]);
    Ok(text.finished())
}

fn last_folder(below: &str) -> &str {
    address::folder(below).rsplit('/').next().unwrap_or_default()
}

fn stem_name<'a>(stem: &'a str, below: &'a str) -> &'a str {
    if stem == "index" { last_folder(below) } else { stem }
}

/// The date and the title in a file's name, and the status that some put before them: `published-2014-12-19-slug`.
fn name_of(stem: &str) -> (Option<&str>, Option<jiff::civil::Date>, &str) {
    let marked = stem.split_once('-').filter(|(status, _)| matches!(*status, "published" | "draft" | "deleted"));
    let dated = |stem| date::of_file(stem).filter(|(_, title)| !title.is_empty());
    match marked.and_then(|(status, rest)| Some((status, dated(rest)?))) {
        Some((status, (day, title))) => (Some(status), Some(day), title),
        None => dated(stem).map_or((None, None, stem), |(day, title)| (None, Some(day), title)),
    }
}

/// The address by the site's pattern for the section, or else by folders and name.
fn permalink(site: &Site, folder: &str, text: &Text, name: &str) -> String {
    let section = folder.split('/').next().unwrap_or_default();
    let patterns = [format!("permalinks.page.{section}"), format!("permalinks.{section}")];
    let Some(pattern) = patterns.iter().find_map(|key| site.config.text(key)) else {
        return format!("{folder}/{name}").to_lowercase();
    };
    let day = text.published_at.and_then(|millis| date::day(millis, &site.zone)).unwrap_or_default();
    let title = slug::slugify(&text.title);
    let mut path = pattern;
    let slug = if text.name.is_empty() { title.as_str() } else { text.name.as_str() };
    for (token, value) in [
        (":contentbasename", name),
        (":slugorcontentbasename", slug),
        (":slugorfilename", slug),
        (":filename", name),
        (":sections", folder),
        (":section", section),
        (":slug", slug),
        (":title", title.as_str()),
        (":year", &format!("{:04}", day.year())),
        (":monthname", &day.strftime("%B").to_string().to_lowercase()),
        (":month", &format!("{:02}", day.month())),
        (":day", &format!("{:02}", day.day())),
    ] {
        path = path.replace(token, value);
    }
    path
}
