//! Words: how texts and questions are folded and split, so that `Café` is found by `cafe` and nothing typed is ever syntax. Pure.

use unicode_normalization::UnicodeNormalization;

/// The longest question that is read, in characters, and the most words of it.
const QUESTION: usize = 200;
const WORDS: usize = 12;

/// The longest text that goes into the index, in characters: a book has about three times as many.
const TEXT: usize = 200_000;

/// The longest word, in characters; of a longer one its beginning counts.
const WORD: usize = 64;

/// A last word from this length on also stands for all that begin with it.
const PREFIX: usize = 2;

/// What somebody looks for: all of these, in any order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query(pub(super) Vec<Phrase>);

/// Words that stand one after the other, as in `well-known` or `日本`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Phrase {
    /// Letters and digits only; never none.
    pub(super) words: Vec<String>,
    /// The last word may go on.
    pub(super) open: bool,
}

impl Query {
    /// Reads what somebody typed; the word at its end may not be finished.
    pub fn parse(text: &str) -> Self {
        let text: String = text.chars().take(QUESTION).collect();
        let mut left = WORDS;
        let mut phrases = Vec::new();
        for part in text.split_whitespace() {
            let words: Vec<String> = split(part).into_iter().take(left).collect();
            left -= words.len();
            if !words.is_empty() {
                phrases.push(Phrase { words, open: false });
            }
        }
        if let Some(last) = phrases.last_mut() {
            last.open = last.words.last().is_some_and(|word| word.chars().count() >= PREFIX);
        }
        Self(phrases)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a folded word is one of those looked for.
    pub fn holds(&self, word: &str) -> bool {
        self.0.iter().any(|phrase| {
            let last = phrase.words.len() - 1;
            phrase
                .words
                .iter()
                .enumerate()
                .any(|(at, own)| own == word || (phrase.open && at == last && word.starts_with(own.as_str())))
        })
    }
}

/// The folded words of a text, one space between two of them.
pub fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(TEXT));
    let cut = text.char_indices().nth(TEXT).map_or(text, |(end, _)| text.get(..end).unwrap_or_default());
    for word in split(cut) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(&word);
    }
    out
}

/// The folded words of a text in their order.
fn split(text: &str) -> Vec<String> {
    let plain: String = text.nfkd().collect();
    pieces(&plain).map(fold).filter(|word| !word.is_empty()).collect()
}

/// The words of a text as they stand there.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.get(rest.find(is_of_word)?..)?;
        let first = rest.chars().next()?;
        let end = match is_word_alone(first) {
            true => first.len_utf8(),
            false => rest.find(|c| !(is_of_word(c) || is_mark(c)) || is_word_alone(c)).unwrap_or(rest.len()),
        };
        let (word, after) = rest.split_at_checked(end)?;
        rest = after;
        Some(word)
    })
}

/// A word in the form it is looked for in: lower case, without marks on its letters.
pub(super) fn fold(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for c in word.nfkd().filter(|c| is_of_word(*c) && !is_mark(*c)).take(WORD) {
        match c {
            'ß' | 'ẞ' => out.push_str("ss"),
            'æ' | 'Æ' => out.push_str("ae"),
            'œ' | 'Œ' => out.push_str("oe"),
            'ø' | 'Ø' => out.push('o'),
            'ł' | 'Ł' => out.push('l'),
            'đ' | 'Đ' | 'ð' | 'Ð' => out.push('d'),
            'þ' | 'Þ' => out.push_str("th"),
            'ı' | 'İ' => out.push('i'),
            'ς' => out.push('σ'),
            other => out.extend(other.to_lowercase().filter(|c| !is_mark(*c))),
        }
    }
    out
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric()
}

/// Marks on letters that people leave out when they type: accents, and the vowels of Hebrew and Arabic.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{3099}' | '\u{309a}')
}

/// Signs of scripts that put no space between words: each counts as one.
fn is_word_alone(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn case_and_marks_make_no_difference() {
        for (text, words) in [
            ("Crème BRÛLÉE, déjà-vu!", "creme brulee deja vu"),
            ("Straße Łódź Ærø İzmir", "strasse lodz aero izmir"),
            ("re\u{301}sume\u{301} ﬁne x²", "resume fine x2"),
            ("wool_en 100% C++ don't", "wool en 100 c don t"),
            ("日本語のガイド 2026", "日 本 語 の カ イ ト 2026"),
            ("Ελλάδας שָׁלוֹם", "ελλαδασ שלום"),
            ("…—!", ""),
        ] {
            assert_eq!(folded(text), words, "{text}");
        }
    }

    #[test]
    fn the_last_word_may_go_on_and_what_belongs_together_stays_together() {
        let query = Query::parse("well-known caf");
        assert_eq!(query.0.len(), 2);
        assert_eq!((query.0[0].words.join(" "), query.0[0].open), ("well known".into(), false));
        assert_eq!((query.0[1].words.join(" "), query.0[1].open), ("caf".into(), true));
        assert!(query.holds("cafe") && query.holds("well") && !query.holds("welly"));
        assert!(!Query::parse("x").0[0].open, "one letter begins too many words");
    }

    #[test]
    fn a_question_has_an_end() {
        let query = Query::parse(&"word ".repeat(2_000));
        assert_eq!(query.0.len(), WORDS);
        let query = Query::parse(&"x".repeat(10_000));
        assert_eq!(query.0[0].words[0].len(), WORD);
        assert!(Query::parse("\" OR * : ^ NEAR( ) -").0.len() <= 2);
        assert!(Query::parse(" \t\"'*%()").is_empty());
    }

    proptest! {
        #[test]
        fn nothing_but_letters_and_digits_reaches_a_database(text in "\\PC{0,80}") {
            for phrase in Query::parse(&text).0 {
                prop_assert!(!phrase.words.is_empty());
                for word in phrase.words {
                    prop_assert!(!word.is_empty() && word.chars().all(char::is_alphanumeric), "{word:?}");
                }
            }
        }

        #[test]
        fn folding_twice_is_folding_once(text in "\\PC{0,80}") {
            let once = folded(&text);
            prop_assert_eq!(folded(&once), once);
        }
    }
}
