//! What HTML may reach a reader: a list of elements and attributes; all else is taken out.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use ammonia::{Builder, UrlRelative};

use super::Trust;

const ELEMENTS: &str = "
    a abbr address article aside audio b bdi bdo blockquote br caption cite code col colgroup data dd del
    details dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr i img input ins kbd li
    mark nav ol p picture pre q rp rt ruby s samp section small source span strong sub summary sup table tbody
    td tfoot th thead time tr track u ul var video wbr";

/// MathML Core without what can hold HTML or run anything.
const FORMULAS: &str = "
    math merror mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mspace msqrt
    mstyle msub msubsup msup mtable mtd mtext mtr munder munderover";

const FORMULA_ATTRIBUTES: &str = "
    accent accentunder columnalign columnspacing depth display displaystyle fence form height largeop
    linethickness lspace mathvariant maxsize minsize movablelimits rowspacing rspace scriptlevel separator
    stretchy symmetric voffset width";

const ATTRIBUTES: &[(&str, &str)] = &[
    ("a", "href hreflang rel download type aria-label"),
    ("audio", "src controls loop muted preload"),
    ("bdo", "dir"),
    ("blockquote", "cite"),
    ("code", "data-lang"),
    ("col", "span"),
    ("colgroup", "span"),
    ("data", "value"),
    ("del", "cite datetime"),
    ("details", "open name"),
    ("div", "tabindex role aria-label"),
    ("img", "src srcset sizes alt width height loading decoding fetchpriority"),
    ("input", "disabled checked aria-label"),
    ("ins", "cite datetime"),
    ("li", "value"),
    ("ol", "start reversed type"),
    ("pre", "tabindex"),
    ("q", "cite"),
    ("source", "src srcset sizes type media width height"),
    ("td", "colspan rowspan headers"),
    ("th", "colspan rowspan headers scope abbr"),
    ("time", "datetime"),
    ("track", "src kind srclang label default"),
    ("video", "src controls loop muted preload poster width height playsinline"),
];

const FRAME: &str = "src title width height allow allowfullscreen loading referrerpolicy";

const SCHEMES: &str = "http https mailto tel sms xmpp irc ircs geo magnet";

static AUTHOR: LazyLock<Builder<'static>> = LazyLock::new(|| builder(Trust::Author));
static RAW_HTML: LazyLock<Builder<'static>> = LazyLock::new(|| builder(Trust::RawHtml));
static PLACED: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = builder(Trust::RawHtml);
    builder.add_generic_attributes(["data-sourcepos"]);
    builder
});

/// Takes out of `html` whatever is not on the list.
pub(super) fn clean(html: &str, trust: Trust) -> String {
    match trust {
        Trust::Author => AUTHOR.clean(html).to_string(),
        Trust::RawHtml => RAW_HTML.clean(html).to_string(),
    }
}

/// The same for whoever may write HTML, with the lines that elements were made of.
pub(super) fn clean_placed(html: &str) -> String {
    PLACED.clean(html).to_string()
}

fn builder(trust: Trust) -> Builder<'static> {
    let mut tags: HashSet<&str> = words(ELEMENTS).chain(words(FORMULAS)).collect();
    let mut attributes: HashMap<&str, HashSet<&str>> =
        ATTRIBUTES.iter().map(|(tag, names)| (*tag, words(names).collect())).collect();
    attributes.extend(words(FORMULAS).map(|tag| (tag, words(FORMULA_ATTRIBUTES).collect())));
    if trust == Trust::RawHtml {
        tags.insert("iframe");
        attributes.insert("iframe", words(FRAME).collect());
    }
    // The only inputs are the check marks of task lists.
    let mut builder = Builder::default();
    builder
        .tags(tags)
        .tag_attributes(attributes)
        .generic_attributes(HashSet::from(["class", "dir", "id", "lang", "title"]))
        .url_schemes(words(SCHEMES).collect())
        .url_relative(UrlRelative::PassThrough)
        .link_rel(None)
        .set_tag_attribute_value("input", "type", "checkbox")
        .attribute_filter(attribute);
    builder
}

fn words(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.split_whitespace()
}

/// Frames come over TLS, sizes are whole pixels, and a region is the only role that text can have.
fn attribute<'a>(element: &str, name: &str, value: &'a str) -> Option<Cow<'a, str>> {
    if matches!((element, name), ("img" | "video" | "iframe" | "source", "width" | "height")) {
        let pixels = value.trim().trim_end_matches("px");
        return (!pixels.is_empty() && pixels.bytes().all(|byte| byte.is_ascii_digit()))
            .then_some(Cow::Borrowed(pixels));
    }
    let allowed = match (element, name) {
        ("iframe", "src") => value.starts_with("https://"),
        ("div", "role") => value == "region",
        (_, "tabindex") => value == "0",
        _ => true,
    };
    allowed.then_some(Cow::Borrowed(value))
}
