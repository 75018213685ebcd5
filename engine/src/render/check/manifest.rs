//! What the manifest says, beside what the templates do.

use std::collections::BTreeSet;

use crate::theme::{Theme, files::Files, manifest, route::NOT_FOUND};

use super::{
    finding::{Finding, Level, Report},
    source::{Template, Token},
};

pub fn look(theme: &Theme, files: &Files, templates: &[Template<'_>], report: &mut Report) {
    let text = files.text(manifest::FILE).unwrap_or_default();
    let line_of = |table: &str| 1 + text.lines().position(|line| line.trim() == table).unwrap_or_default();
    let mut add = |level, rule, line, problem: String, mend: String| {
        report.add(Finding::new(level, rule, manifest::FILE, line, problem, mend));
    };
    if !theme.routes.iter().any(|route| route.path.to_string() == "/") {
        add(
            Level::Error,
            "missing_route",
            1,
            "No route is for the home page.".into(),
            "Add one with path = \"/\".".into(),
        );
    }
    if theme.license.is_empty() {
        let mend = "Add license = \"…\", so that others know what they may do with the theme.".into();
        add(Level::Advice, "license", line_of("[theme]"), "The theme says nothing of its licence.".into(), mend);
    }
    let called = |function: &str| -> BTreeSet<&str> {
        templates.iter().flat_map(|template| template.calls(function)).map(|(name, _)| name).collect()
    };
    let settings = called("setting");
    for name in theme.settings.keys().filter(|name| !settings.contains(name.as_str())) {
        let problem = format!("No template reads the setting {name:?}.");
        let mend = format!("Use {{{{ setting(\"{name}\") }}}}, or take the table out.");
        add(Level::Warning, "unused_setting", line_of(&format!("[settings.{name}]")), problem, mend);
    }
    for template in templates {
        for (name, line) in template.calls("setting").filter(|(name, _)| !theme.settings.contains_key(*name)) {
            let (problem, mend) =
                (format!("The setting {name:?} is not declared."), format!("Add [settings.{name}] to theme.toml."));
            report.add(Finding::new(Level::Error, "undeclared_setting", template.file(), line, problem, mend));
        }
        for (name, line) in template.calls("menu").filter(|(name, _)| !theme.menus.contains_key(*name)) {
            let problem = format!("The menu {name:?} is not declared, so that nobody knows to fill it.");
            let mend = format!("Add {name} = \"Where it stands\" to [menus] of theme.toml.");
            report.add(Finding::new(Level::Warning, "undeclared_menu", template.file(), line, problem, mend));
        }
    }
    unreached(theme, templates, report);
    for route in theme.routes.iter().filter(|route| route.content_type.starts_with("text/html")) {
        let own = templates.iter().find(|template| template.name == route.template);
        let (Some(own), false) = (own, route.path.to_string() == NOT_FOUND) else { continue };
        let reached = theme.reached(&route.template);
        let has_head = templates.iter().filter(|template| reached.contains(template.name)).any(|template| {
            template.runs::<2>().any(|[(word, _), (mark, _)]| (word, mark) == (Token::Word("head"), Token::Mark('(')))
        });
        if !has_head {
            let mend =
                "Write {{ head() }} inside <head>: it gives the title, canonical link, feeds and structured data.";
            let problem = format!("Pages of the route {:?} have no head().", route.name);
            report.add(Finding::new(Level::Error, "no_head", own.file(), 1, problem, mend));
        }
    }
}

fn unreached(theme: &Theme, templates: &[Template<'_>], report: &mut Report) {
    let reached: BTreeSet<_> = theme.routes.iter().flat_map(|route| theme.reached(&route.template)).collect();
    for template in templates.iter().filter(|template| !reached.contains(template.name)) {
        let mend = "Take it out, or name it in a route or another template.";
        report.add(Finding::new(
            Level::Advice,
            "unused_template",
            template.file(),
            1,
            "Nothing uses this template.",
            mend,
        ));
    }
}
