//! What Jekyll's front matter, folders and file names say.

use super::{
    address, date,
    front::Front,
    site::Site,
    text::{Text, last_name, tags},
};

/// Reads one text; an error says why it is none.
pub fn read(site: &Site, file: &str, front: &Front<'_>) -> Result<Text, String> {
    if !front.found {
        return Err("it has no front matter, so it is no page".to_owned());
    }
    let stem = address::stem(file);
    let posts = format!("/{file}").split_once("/_posts/").map(|(before, _)| before.trim_start_matches('/').to_owned());
    let in_drafts = format!("/{file}").contains("/_drafts/");
    let named = date::of_file(stem).filter(|(_, title)| !title.is_empty());
    if posts.is_some() && named.is_none() {
        return Err("its name is not year-month-day-title".to_owned());
    }
    if posts.is_none() && !in_drafts && file.split('/').any(|part| part.starts_with('_')) {
        return Err("it lies in a folder of the theme or of a collection".to_owned());
    }
    let mut text = Text::common(file, front, &site.zone);
    text.draft |= in_drafts;
    text.is_page = posts.is_none() && !in_drafts;
    text.date_from("", named.map(|(day, _)| day), &site.zone);
    let fields = &front.fields;
    let categories =
        [folders(posts.as_deref().unwrap_or_default()), fields.list("category"), fields.words("categories")].concat();
    text.tags = tags(&[categories.clone(), fields.list("tag"), fields.words("tags")]);
    let title =
        fields.text("slug").unwrap_or_else(|| named.map_or(stem, |(_, title)| title).trim_end_matches('.').to_owned());
    let address = |pattern: &str| address::path(&fill(pattern, &text, &title, &categories, site));
    let own = fields.text("permalink").and_then(|pattern| address(style(&pattern)));
    let made = || if text.is_page { address::path(&page(file)) } else { address(&pattern(site)) };
    let (refused, url) =
        (own.is_none() && fields.has("permalink"), own.or_else(made).ok_or("its address cannot be made")?);
    if refused {
        text.notes.push("its permalink leads out of the site and was refused".to_owned());
    }
    text.name = if fields.has("permalink") && !refused { last_name(&url) } else { title };
    text.url = url;
    if let (None, Some(separator)) = (&text.excerpt, fields.text("excerpt_separator"))
        && let Some((before, _)) = text.body.split_once(&separator)
    {
        text.body = format!("{before}\n<!--more-->\n{}", text.body.get(before.len()..).unwrap_or_default());
    }
    Ok(text.finished())
}

/// Folders above `_posts` are categories.
fn folders(path: &str) -> Vec<String> {
    path.split('/').filter(|part| !part.is_empty() && !part.starts_with('_')).map(str::to_owned).collect()
}

fn page(file: &str) -> String {
    let stem = address::stem(file);
    let folder = address::folder(file);
    if stem == "index" { format!("{folder}/") } else { format!("{folder}/{stem}.html") }
}

fn pattern(site: &Site) -> String {
    let configured = site.config.first(&["collections.posts.permalink", "permalink"]);
    configured.map_or_else(|| style("date").to_owned(), |pattern| style(&pattern).to_owned())
}

/// Jekyll's names for common patterns.
fn style(pattern: &str) -> &str {
    match pattern {
        "date" => "/:categories/:year/:month/:day/:title.html",
        "pretty" => "/:categories/:year/:month/:day/:title/",
        "ordinal" => "/:categories/:year/:y_day/:title.html",
        "none" => "/:categories/:title.html",
        other => other,
    }
}

fn fill(pattern: &str, text: &Text, title: &str, categories: &[String], site: &Site) -> String {
    let day = text.published_at.and_then(|millis| date::day(millis, &site.zone)).unwrap_or_default();
    let categories = categories.join("/").to_lowercase();
    let mut path = pattern.to_owned();
    for (token, value) in [
        (":categories", categories),
        (":collection", "posts".to_owned()),
        (":short_year", format!("{:02}", day.year() % 100)),
        (":year", format!("{:04}", day.year())),
        (":i_month", day.month().to_string()),
        (":month", format!("{:02}", day.month())),
        (":i_day", day.day().to_string()),
        (":day", format!("{:02}", day.day())),
        (":y_day", format!("{:03}", day.day_of_year())),
        (":title", pretty(title)),
        (":slug", slug::slugify(title)),
        (":output_ext", ".html".to_owned()),
    ] {
        path = path.replace(token, &value);
    }
    path
}

/// Jekyll's way to write a title in a path: what is neither a letter, a digit nor harmless becomes a hyphen.
fn pretty(title: &str) -> String {
    let harmless = |c: char| c.is_alphanumeric() || "._~!$&'()+,;=@".contains(c);
    let parts: Vec<&str> = title.split(|c| !harmless(c)).filter(|part| !part.is_empty()).collect();
    parts.join("-")
}
