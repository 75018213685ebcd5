//! Names that templates use: templates, filters, tests, functions and variables, each of which has to be there.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::{ErrorKind, context};

use crate::render::stage::Stage;

use super::{
    finding::{Finding, Level, Report},
    source::{Template, Token},
};

/// What every template is given, and words of the language itself.
const GIVEN: &[&str] = &["params", "query", "render", "route", "loop", "self", "super", "caller", "varargs", "kwargs"];

pub fn look(stage: &Stage, templates: &[Template<'_>], report: &mut Report) {
    let assigned: BTreeSet<&str> = templates.iter().flat_map(assigned).collect();
    let known: BTreeSet<&str> = stage.templates.globals().map(|(name, _)| name).chain(GIVEN.iter().copied()).collect();
    let mut verdicts = BTreeMap::new();
    for template in templates {
        let mut fatal = |rule, line, problem: String, mend: String| {
            report.add(Finding::new(Level::Fatal, rule, template.file(), line, problem, mend));
        };
        for (name, line) in references(template) {
            if name.starts_with('/') || name.split('/').any(|part| part == "..") {
                let mend = "Name it as it stands below templates/.".to_owned();
                fatal("path_escape", line, format!("The name {name:?} leads out of the theme."), mend);
            } else if !stage.theme.templates.contains_key(name) {
                let mend = format!("Write templates/{name}, or name one that is there.");
                fatal("missing_template", line, format!("There is no template {name:?}."), mend);
            }
        }
        for (kind, name, line) in used(template) {
            let there = verdicts.entry((kind, name)).or_insert_with(|| exists(stage, kind, name));
            if !*there {
                let mend = format!("docs/themes.md lists every {kind} there is.");
                fatal("unknown_name", line, format!("There is no {kind} {name:?}."), mend);
            }
        }
        let Ok(compiled) = stage.templates.get_template(template.name) else { continue };
        for name in compiled.undeclared_variables(false) {
            if !known.contains(name.as_str()) && !assigned.contains(name.as_str()) {
                let at = template.runs::<1>().find(|[(token, _)]| *token == Token::Word(&name));
                let line = at.map_or(1, |[(_, line)]| line);
                let problem = format!("Nothing gives this template {name:?}.");
                fatal("unknown_name", line, problem, "Set it before, or see docs/themes.md for what there is.".into());
            }
        }
    }
}

/// Names of other templates.
fn references<'s>(template: &Template<'s>) -> Vec<(&'s str, usize)> {
    let of_block = template.blocks.iter().filter_map(|block| match block.tokens.as_slice() {
        [(Token::Word("include" | "extends" | "import" | "from"), _), (Token::Text(name), line), rest @ ..]
            if !rest.iter().any(|(token, _)| *token == Token::Word("missing")) =>
        {
            Some((*name, *line))
        }
        _ => None,
    });
    of_block.collect()
}

/// Filters and tests.
fn used<'s>(template: &Template<'s>) -> Vec<(&'static str, &'s str, usize)> {
    let pairs = template.runs::<2>().filter_map(|run| match run {
        [(Token::Mark('|'), _), (Token::Word(name), line)] => Some(("filter", name, line)),
        [(Token::Word("filter"), _), (Token::Word(name), line)] => Some(("filter", name, line)),
        [(Token::Word("is"), _), (Token::Word(name), line)] if name != "not" => Some(("test", name, line)),
        _ => None,
    });
    let negated = template.runs::<3>().filter_map(|run| match run {
        [(Token::Word("is"), _), (Token::Word("not"), _), (Token::Word(name), line)] => Some(("test", name, line)),
        _ => None,
    });
    pairs.chain(negated).collect()
}

/// Asks the engine itself, with a template that uses the name.
fn exists(stage: &Stage, kind: &str, name: &str) -> bool {
    let (template, unknown) = match kind {
        "filter" => (format!("{{{{ ''|{name} }}}}"), ErrorKind::UnknownFilter),
        _ => (format!("{{{{ '' is {name} }}}}"), ErrorKind::UnknownTest),
    };
    stage.templates.render_str(&template, context! {}).err().is_none_or(|error| error.kind() != unknown)
}

/// Every name that a template gives something to.
fn assigned<'s>(template: &Template<'s>) -> Vec<&'s str> {
    let mut names = Vec::new();
    for block in &template.blocks {
        let until = |ends: &dyn Fn(&Token<'_>) -> bool| {
            let tokens = block.tokens.iter().map(|(token, _)| *token).take_while(|token| !ends(token));
            tokens.filter_map(|token| if let Token::Word(word) = token { Some(word) } else { None }).collect::<Vec<_>>()
        };
        names.extend(match block.tokens.as_slice() {
            [(Token::Word("for"), _), ..] => until(&|token| *token == Token::Word("in")),
            [(Token::Word("set"), _), ..] => until(&|token| *token == Token::Mark('=')),
            [(Token::Word("call"), _), (Token::Mark('('), _), ..] => until(&|token| *token == Token::Mark(')')),
            [(Token::Word("macro" | "import" | "from"), _), ..] => until(&|_| false),
            _ => Vec::new(),
        });
        names.extend(block.tokens.windows(2).filter_map(|pair| match pair {
            [(Token::Word(name), _), (Token::Mark('='), _)] => Some(*name),
            _ => None,
        }));
    }
    names
}
