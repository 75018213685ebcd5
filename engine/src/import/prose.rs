//! Where a Markdown text is prose and where it is code: what stands in code is content and stays as it is.

use std::ops::Range;

use comrak::{Arena, Options, nodes::NodeValue, parse_document};

/// Byte ranges of code blocks and code spans, in order.
pub struct Code(Vec<Range<usize>>);

impl Code {
    pub fn find(markdown: &str) -> Self {
        let mut options = Options::default();
        options.extension.table = true;
        options.extension.footnotes = true;
        let arena = Arena::new();
        let root = parse_document(&arena, markdown, &options);
        let starts: Vec<usize> = std::iter::once(0).chain(markdown.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let offset = |line: usize, column: usize| {
            let start = starts.get(line.saturating_sub(1)).copied().unwrap_or(markdown.len());
            (start + column.saturating_sub(1)).min(markdown.len())
        };
        let mut ranges: Vec<Range<usize>> = root
            .descendants()
            .filter_map(|node| {
                let data = node.data();
                let position = data.sourcepos;
                match data.value {
                    NodeValue::Code(_) => Some(
                        offset(position.start.line, position.start.column)
                            ..offset(position.end.line, position.end.column + 1),
                    ),
                    // Whole lines: the parser leaves the marks of the containers out.
                    NodeValue::CodeBlock(_) => Some(offset(position.start.line, 1)..offset(position.end.line + 1, 1)),
                    _ => None,
                }
            })
            .collect();
        ranges.sort_by_key(|range| range.start);
        Self(ranges)
    }

    pub fn contains(&self, at: usize) -> bool {
        let after = self.0.partition_point(|range| range.start <= at);
        after.checked_sub(1).and_then(|last| self.0.get(last)).is_some_and(|range| at < range.end)
    }

    /// The end of the code that `at` lies in.
    pub fn end(&self, at: usize) -> Option<usize> {
        self.0.iter().find(|range| range.contains(&at)).map(|range| range.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_and_spans_are_code() {
        let text = "a `b` c\n\n> ```\n> d\n> ```\n\n    e\n\nf ``g`` é `h`";
        let code = Code::find(text);
        let marked: String =
            text.char_indices().map(|(at, c)| if code.contains(at) && c.is_alphabetic() { 'X' } else { c }).collect();
        assert_eq!(marked, "a `X` c\n\n> ```\n> X\n> ```\n\n    X\n\nf ``X`` é `X`");
    }
}
