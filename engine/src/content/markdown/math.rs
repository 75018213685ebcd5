//! Formulas: LaTeX between dollars becomes MathML, which browsers show without a script.

use std::fmt::Write;

use pulldown_latex::{Parser, RenderConfig, Storage, config::DisplayMode, event::Event, push_mathml};

use super::html::Escaped;

/// Longer ones are shown as their source.
const LONGEST: usize = 4_000;
/// Groups within groups; they are followed by recursion.
const DEEPEST: usize = 50;
/// Macros can make a small formula expand without end, and one formula has no use for them.
const MACROS: [&str; 7] = ["\\def", "\\edef", "\\gdef", "\\xdef", "\\let", "\\futurelet", "command"];

/// MathML for `source`, or the source itself when it is no formula that we can read.
pub(super) fn write(out: &mut dyn Write, source: &str, display: bool) -> std::fmt::Result {
    // The reader of formulas panics on some input that it did not foresee.
    match std::panic::catch_unwind(|| mathml(source, display)).ok().flatten() {
        Some(markup) => out.write_str(&markup),
        None => write!(out, "<code class=\"math\">{}</code>", Escaped(source)),
    }
}

fn mathml(source: &str, display: bool) -> Option<String> {
    if source.len() > LONGEST || depth(source) > DEEPEST || MACROS.iter().any(|name| source.contains(name)) {
        return None;
    }
    let storage = Storage::new();
    let events: Vec<Event<'_>> = Parser::new(source, &storage).collect::<Result<_, _>>().ok()?;
    let display_mode = if display { DisplayMode::Block } else { DisplayMode::Inline };
    let mut markup = String::new();
    let events = events.into_iter().map(Ok::<_, std::convert::Infallible>);
    push_mathml(&mut markup, events, RenderConfig { display_mode, ..RenderConfig::default() }).ok()?;
    Some(markup)
}

fn depth(source: &str) -> usize {
    let (mut open, mut deepest) = (0_usize, 0);
    for byte in source.bytes() {
        match byte {
            b'{' | b'^' | b'_' | b'\\' => open += 1,
            b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(open);
    }
    deepest
}
