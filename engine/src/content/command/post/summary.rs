//! The first words of a text, which stand for it in lists.

/// About how many characters they are.
const SUMMARY: usize = 300;

/// The first words of a text, up to about [`SUMMARY`] characters.
pub(in crate::content) fn summary(plain: &str) -> String {
    let mut words = String::new();
    for word in plain.split_whitespace() {
        if !words.is_empty() && words.chars().count() + word.chars().count() >= SUMMARY {
            return words + "…";
        }
        if !words.is_empty() {
            words.push(' ');
        }
        words.extend(word.chars().take(SUMMARY));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::summary;

    #[test]
    fn a_summary_ends_at_a_word() {
        assert_eq!(summary("One\n two"), "One two");
        let long = summary(&"word ".repeat(100));
        assert!(long.ends_with("word…") && long.chars().count() <= 300, "{long}");
        assert_eq!(summary(&"x".repeat(1_000)).len(), 300);
    }
}
