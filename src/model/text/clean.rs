//! Removes characters that hide, turn or stack up from typed texts.

use unicode_normalization::char::is_combining_mark;

/// How many marks one character keeps: Burmese puts five on one, and the flag of Wales is a flag with six.
const MOST_MARKS: usize = 6;

/// Removes characters that readers cannot see or that disturb the text: control characters, direction marks, invisible
/// characters and stacks of marks. A line end of any kind becomes `\n`, a tab a space. Joined emoji stay whole. A clean
/// text stays as it is. Linear.
pub fn clean(text: &str) -> String {
    if text.bytes().all(|byte| byte == b'\n' || byte == b' ' || byte.is_ascii_graphic()) {
        return text.to_owned();
    }
    let mut clean = String::with_capacity(text.len());
    // The character that marks are put on, and how many it has.
    let (mut base, mut marks) = (None, 0);
    let mut before = None;
    for c in text.chars() {
        if is_line_end(c) {
            if (before, c) != (Some('\r'), '\n') {
                clean.push('\n');
            }
            (base, marks) = (None, 0);
        } else if c == '\t' {
            clean.push(' ');
            (base, marks) = (Some(' '), 0);
        } else if is_mark(c) {
            if marks < MOST_MARKS && goes_on(c, base) {
                clean.push(c);
                marks += 1;
            }
        } else if !is_hidden(c) {
            clean.push(c);
            (base, marks) = (Some(c), 0);
        }
        before = Some(c);
    }
    clean
}

/// Whether a text has anything to see.
pub fn has_visible_text(text: &str) -> bool {
    !text.chars().all(is_blank)
}

/// Whether a character shows nothing by itself: a space of any kind, a mark, or an invisible one.
pub fn is_blank(c: char) -> bool {
    if c.is_ascii() {
        return !c.is_ascii_graphic();
    }
    c.is_whitespace() || is_mark(c) || is_hidden(c) || is_filler(c)
}

fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether it joins its neighbours, as in an emoji of a family or in Persian words.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// Whether it spells the region of a flag behind U+1F3F4.
fn is_tag(c: char) -> bool {
    matches!(c, '\u{e0020}'..='\u{e007f}')
}

fn is_mark(c: char) -> bool {
    is_joiner(c) || is_tag(c) || is_combining_mark(c)
}

/// Whether a mark has a meaning on this character.
fn goes_on(mark: char, base: Option<char>) -> bool {
    const BLACK_FLAG: char = '\u{1f3f4}';
    if is_tag(mark) {
        base == Some(BLACK_FLAG)
    } else {
        !is_joiner(mark) || base.is_some_and(|base| !is_blank(base))
    }
}

/// Whether it takes up room like a letter and shows none.
fn is_filler(c: char) -> bool {
    matches!(c, '\u{115f}' | '\u{1160}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}' | '\u{1d159}')
}

/// Whether it is one of Unicode's control characters, its non-characters, and its `Default_Ignorable_Code_Point` apart
/// from marks and fillers.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || u32::from(c) & 0xfffe == 0xfffe
        || matches!(c,
            '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fdd0}'..='\u{fdef}'
            | '\u{feff}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn writing_of_every_kind_stays_as_it_is() {
        for text in [
            "R&D <3 `code` *bold* :tada:",
            "line one\nline two",
            "תודה רבה על העזרה",
            "بِسْمِ ٱللَّٰهِ",
            "می‌خواهم",
            "👩‍👩‍👧‍👦 ❤️ 👩🏽‍🚒 🏴󠁧󠁢󠁷󠁬󠁳󠁿 #️⃣ 🇵🇹",
            "e\u{301}te\u{301} Tiếng Việt",
            "မြွှောင်း ကျွန်ုပ်",
            "ཧཱུྃ བསྒྲུབས",
            "ก็ ที่ क्षत्रिय ಕನ್ನಡ",
            "a\u{a0}b\u{3000}c\u{fffd}",
        ] {
            assert_eq!(clean(text), text);
        }
    }

    #[test]
    fn what_hides_turns_or_stacks_up_goes() {
        for (text, expected) in [
            ("a\u{202e}b\u{2066}c\u{200f}\u{61c}d", "abcd"),
            ("a\u{0}\u{7}\u{1b}b\u{7f}\u{9b}c", "abc"),
            ("a\u{200b}\u{feff}\u{2060}\u{ad}b", "ab"),
            ("a\r\nb\rc\u{2028}d\u{85}e\u{b}f", "a\nb\nc\nd\ne\nf"),
            ("a\tb", "a b"),
            ("a\u{e0041}\u{e0042}b", "ab"),
            ("\u{200d}\u{200c}a \u{200d}b", "a b"),
            ("a\u{ffff}\u{fdd0}b\u{10fffe}", "ab"),
        ] {
            assert_eq!(clean(text), expected, "{text:?}");
        }
        let stacked = |marks| format!("z{}o", "\u{336}\u{489}".repeat(marks));
        assert_eq!(clean(&stacked(500)), stacked(3));
        assert_eq!(clean(&"\u{200d}".repeat(9)), "");
    }

    #[test]
    fn spaces_marks_and_fillers_alone_are_nothing_to_see() {
        for unseen in [
            "",
            " \n\t",
            "\u{200b}",
            "\u{301}",
            "\u{3164}",
            "\u{115f}\u{1160}\u{ffa0}",
            "\u{2800}",
            "\u{a0}\u{3000}",
            "\u{feff}",
            "\u{e0041}",
            "\u{fe0f}",
            "\u{200d}",
            "\u{1d159}",
            "\u{34f}",
            "\u{180b}",
            "\u{ffff}",
        ] {
            assert!(!has_visible_text(unseen), "{unseen:?}");
        }
        for seen in ["a", "!", "🦀", "字", "\u{e000}", " a ", "\u{301}a", "\u{605}"] {
            assert!(has_visible_text(seen), "{seen:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_clean_stays_as_it_is(text in any::<String>()) {
            let once = clean(&text);
            prop_assert_eq!(clean(&once), once.clone());
            prop_assert_eq!(has_visible_text(&text), has_visible_text(&once));
            prop_assert!(!once.chars().any(|c| c != '\n' && (c.is_control() || is_hidden(c) && !is_mark(c))));
        }

        #[test]
        fn marks_never_stack_higher_than_a_few(
            text in prop::collection::vec(prop::sample::select(vec!['a', ' ', '\u{301}', '\u{20dd}', '\u{200d}', '\u{fe0f}', '\u{200b}', '\n', '\u{1f3f4}', '\u{e0067}']), 0..200),
        ) {
            let text: String = text.into_iter().collect();
            let once = clean(&text);
            prop_assert!(once.split(|c| !is_mark(c)).all(|run| run.chars().count() <= MOST_MARKS));
            prop_assert_eq!(clean(&once), once);
        }
    }
}
