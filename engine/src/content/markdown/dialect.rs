//! The dialect that server and editor agree on, as options of the parser.

use std::sync::LazyLock;

use comrak::{
    Options,
    options::{Extension, Parse, Render},
};

/// Raw HTML passes the parser because the sanitiser sees all of the output.
pub(super) static OPTIONS: LazyLock<Options<'static>> = LazyLock::new(|| Options {
    extension: Extension {
        strikethrough: true,
        table: true,
        autolink: true,
        tasklist: true,
        footnotes: true,
        alerts: true,
        math_dollars: true,
        block_directive: true,
        ..Extension::default()
    },
    parse: Parse::default(),
    render: Render { r#unsafe: true, ..Render::default() },
});

/// The same, with the lines that elements were made of.
pub(super) static PLACED: LazyLock<Options<'static>> = LazyLock::new(|| {
    let mut options = OPTIONS.clone();
    options.render.sourcepos = true;
    options
});
