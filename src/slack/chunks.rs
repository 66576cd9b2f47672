//! Cuts long text into chunks that Slack takes: where a reader would, never inside a mention or an escaped character.

use std::borrow::Cow;

/// The length of the longest escape, `&amp;`.
const ENTITY: usize = 5;

/// What a line of a quotation begins with.
const QUOTE: &str = ">";

/// Cuts the text into chunks of at most `limit` characters, at line ends if there are any, else at spaces. What is cut within a line of a
/// quotation goes on as one. Blank chunks are left out, since Slack refuses them.
pub(super) fn chunks(text: &str, limit: usize) -> Vec<Cow<'_, str>> {
    let (mut found, mut rest, mut quote) = (Vec::new(), text, "");
    while let Some(window) = too_long(rest, limit.saturating_sub(quote.len())) {
        let end = good_end(window);
        let (chunk, behind) = rest.split_at(end);
        found.extend(with_quote(quote, chunk));
        let is_quoted = match chunk.rsplit_once('\n') {
            Some((_, last)) => last.starts_with(QUOTE),
            None => !quote.is_empty() || chunk.starts_with(QUOTE),
        };
        quote = if is_quoted && !behind.starts_with('\n') { QUOTE } else { "" };
        // The line end of the cut has become the gap between two sections.
        rest = behind.strip_prefix(['\n', ' ']).unwrap_or(behind);
    }
    found.extend(with_quote(quote, rest));
    found
}

/// Returns a chunk behind the mark of its quotation; `None` if it is blank.
fn with_quote<'t>(quote: &'static str, chunk: &'t str) -> Option<Cow<'t, str>> {
    let chunk_is_blank = chunk.trim().is_empty();
    let whole = if quote.is_empty() { Cow::Borrowed(chunk) } else { Cow::Owned(format!("{quote}{chunk}")) };
    (!chunk_is_blank).then_some(whole)
}

/// Returns the text itself if it fits, else its beginning with an ellipsis.
pub(super) fn cut(text: &str, limit: usize) -> String {
    if too_long(text, limit).is_none() {
        return text.to_owned();
    }
    let window = too_long(text, limit.saturating_sub(1)).unwrap_or(text);
    format!("{}…", window[..whole_end(window)].trim_end())
}

/// Returns as much of the text as fits, without a torn mention or escaped character.
pub(super) fn head(text: &str, limit: usize) -> &str {
    too_long(text, limit).map_or(text, |window| &window[..whole_end(window)])
}

/// Returns the first `limit` characters if there are more.
fn too_long(text: &str, limit: usize) -> Option<&str> {
    text.char_indices().nth(limit).map(|(end, _)| &text[..end])
}

/// Returns where to end a chunk that fills the window: at a line's end, at a space, or at the last place that tears
/// nothing.
fn good_end(window: &str) -> usize {
    let safe = &window[..safe_end(window)];
    // A space may be inside a link's label, so a cut there must be safe, too.
    ['\n', ' ']
        .into_iter()
        .filter_map(|gap| safe.rfind(gap))
        .map(|end| safe_end(&safe[..end]))
        .find(|end| *end > 0)
        .unwrap_or(safe.len())
}

/// Returns the end of the window, or the start of the mention or escaped character that the end would tear. One that is
/// longer than the window is torn after all, since a chunk must not be empty.
fn safe_end(window: &str) -> usize {
    match whole_end(window) {
        0 => window.len(),
        end => end,
    }
}

/// The same, but the result may be 0.
fn whole_end(window: &str) -> usize {
    let mut end = window.len();
    if let Some(open) = window.rfind('<')
        && !window[open..].contains('>')
    {
        end = open;
    }
    if let Some(amp) = window[..end].rfind('&')
        && end - amp < ENTITY
        && !window[amp..end].contains(';')
    {
        end = amp;
    }
    end
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::text::{Markup, unescape};

    #[test]
    fn text_is_cut_at_line_ends_then_spaces() {
        assert_eq!(chunks("one\ntwo\nthree", 8), ["one\ntwo", "three"]);
        assert_eq!(chunks("one two three", 8), ["one two", "three"]);
        assert_eq!(chunks("onetwothree", 8), ["onetwoth", "ree"]);
        assert_eq!(chunks(" \n", 8), [""; 0]);
    }

    #[test]
    fn a_quotation_stays_one() {
        assert_eq!(chunks(">one two three", 9), [">one two", ">three"]);
        assert_eq!(chunks("a:\n>one two three\nb", 8), ["a:", ">one", ">two", ">three\nb"]);
        assert_eq!(chunks(">one\n>two\nthree four", 9), [">one", ">two", "three", "four"]);
        assert_eq!(chunks(">onetwothreefour", 8), [">onetwot", ">hreefou", ">r"]);
        assert_eq!(chunks(">onetwo      ", 8), [">onetwo"]);
    }

    #[test]
    fn mentions_and_escaped_characters_stay_whole() {
        assert_eq!(chunks("thanks <@U0123>", 10), ["thanks", "<@U0123>"]);
        assert_eq!(chunks("abcdef&amp;gh", 8), ["abcdef", "&amp;gh"]);
        assert_eq!(cut("abcdef&amp;gh", 9), "abcdef…");
        assert_eq!(cut("abc", 3), "abc");
        assert_eq!(cut("<https://docs.example/long|notes> and more", 20), "…");
    }

    proptest! {
        #[test]
        fn nothing_is_lost_torn_or_too_long(theirs in "[a-z&<> \n]{0,200}", limit in 8..40_usize) {
            let markup = Markup::words(&theirs);
            let found = chunks(markup.as_str(), limit);
            let squeeze = |text: &str| text.split_whitespace().collect::<String>();
            let joined: String = found.iter().map(|piece| squeeze(&unescape(piece))).collect();
            prop_assert_eq!(joined, squeeze(&theirs));
            for piece in &found {
                prop_assert!(piece.chars().count() <= limit);
                // Whole chunks are unchanged when they are read and written again.
                let again = Markup::words(&unescape(piece));
                prop_assert_eq!(again.as_str(), piece.as_ref());
            }
            prop_assert!(cut(markup.as_str(), limit).chars().count() <= limit);
            let start = head(markup.as_str(), limit);
            prop_assert!(markup.as_str().starts_with(start) && start.chars().count() <= limit);
            let again = Markup::words(&unescape(start));
            prop_assert_eq!(again.as_str(), start);
        }
    }
}
