//! The default theme: what readers, feed readers and crawlers get from it.

mod feeds;
mod languages;
mod lists;
mod pages;
mod site;
