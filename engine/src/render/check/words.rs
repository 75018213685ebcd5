//! The theme's own words: what its templates say has to be said in each of its languages.

use crate::theme::Theme;

use super::{
    finding::{Finding, Level, Report},
    source::{Template, Token},
};

pub fn look(theme: &Theme, templates: &[Template<'_>], report: &mut Report) {
    for language in theme.locales.languages() {
        for template in templates {
            for (text, line) in said(template) {
                if !theme.locales.has(language, text) {
                    let problem = format!("{text:?} is not said in {language}.");
                    let mend = format!("Add it to locales/{language}.json.");
                    report.add(Finding::new(Level::Warning, "word", template.file(), line, problem, mend));
                }
            }
        }
    }
}

/// Texts that go through `t` or `n`.
fn said<'s>(template: &Template<'s>) -> Vec<(&'s str, usize)> {
    let translated = template.runs::<3>().filter_map(|run| match run {
        [(Token::Text(text), line), (Token::Mark('|'), _), (Token::Word("t"), _)] => Some((text, line)),
        _ => None,
    });
    let counted = template.runs::<6>().filter_map(|run| match run {
        [
            (Token::Mark('|'), _),
            (Token::Word("n"), _),
            (Token::Mark('('), _),
            (Token::Text(one), line),
            (Token::Mark(','), _),
            (Token::Text(many), _),
        ] => Some([(one, line), (many, line)]),
        _ => None,
    });
    translated.chain(counted.flatten()).collect()
}
