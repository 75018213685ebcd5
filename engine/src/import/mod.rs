//! Imports: other programs' sites become posts, pages, redirects and media.
//!
//! Reading is pure and comes first: every file of a tree is a text, a resource or neither, and the plan says of each what
//! becomes of it. Applying the plan is the only step that writes, and each of its writes may be the last: what has been
//! imported is known by its file and left alone the next time.

mod address;
mod anchors;
pub mod apply;
mod date;
mod front;
mod hugo;
pub mod importer;
mod index;
mod jekyll;
mod library;
mod links;
mod liquid;
mod own;
pub mod package;
pub mod plan;
pub mod progress;
mod prose;
mod read;
pub mod report;
mod resolve;
mod shortcode;
pub mod site;
#[cfg(test)]
mod tests;
mod text;
pub mod tree;
mod zola;
