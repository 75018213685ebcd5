//! The default theme: what readers, feed readers and crawlers get from it.

mod feeds;
mod languages;
mod lists;
mod machines;
mod pages;
mod site;
