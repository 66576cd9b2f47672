//! How answers are spread over the pages of a form: each whole, and all of them.

use std::ops::Range;

/// What a page holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageRoom {
    /// Characters of answers.
    pub characters: usize,
    pub answers: usize,
}

/// A part of a page: answers of one prompt, by their indices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PagePart {
    pub prompt: usize,
    pub answers: Range<usize>,
}

/// Spreads answers over pages, in their order; `lengths` says how many characters each answer of each prompt takes. An answer that is longer
/// than a page has one to itself.
pub fn pages(lengths: &[Vec<usize>], room: PageRoom) -> Vec<Vec<PagePart>> {
    let mut pages: Vec<Vec<PagePart>> = Vec::new();
    let mut left = PageRoom { characters: 0, answers: 0 };
    for (prompt, lengths) in lengths.iter().enumerate() {
        for (at, length) in lengths.iter().enumerate() {
            if left.answers == 0 || left.characters < *length {
                pages.push(Vec::new());
                left = room;
            }
            left.answers -= 1;
            left.characters = left.characters.saturating_sub(*length);
            let Some(page) = pages.last_mut() else { continue };
            match page.last_mut().filter(|part| part.prompt == prompt) {
                Some(part) => part.answers.end = at + 1,
                None => page.push(PagePart { prompt, answers: at..at + 1 }),
            }
        }
    }
    pages
}

/// Returns how many of these texts, by their lengths, fit into a room of so many characters: one at least, if there is one.
pub fn fitting(lengths: impl Iterator<Item = usize>, characters: usize) -> usize {
    let mut taken = 0;
    let fits = |length: usize| {
        taken += length;
        taken <= characters
    };
    let mut lengths = lengths.peekable();
    let least = usize::from(lengths.peek().is_some());
    lengths.map(fits).take_while(|fits| *fits).count().max(least)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ROOM: PageRoom = PageRoom { characters: 100, answers: 3 };

    #[test]
    fn a_page_ends_where_it_is_full() {
        let part = |prompt, answers| PagePart { prompt, answers };
        assert_eq!(pages(&[vec![10; 2], vec![10]], ROOM), [vec![part(0, 0..2), part(1, 0..1)]]);
        assert_eq!(
            pages(&[vec![10; 4], vec![60, 60, 200]], ROOM),
            [
                vec![part(0, 0..3)],
                vec![part(0, 3..4), part(1, 0..1)],
                vec![part(1, 1..2)],
                vec![part(1, 2..3)]
            ]
        );
        assert!(pages(&[Vec::new()], ROOM).is_empty());
    }

    #[test]
    fn what_fits_is_at_least_one() {
        let of = |lengths: &[usize]| fitting(lengths.iter().copied(), 100);
        assert_eq!([of(&[]), of(&[500, 1]), of(&[50, 50, 1]), of(&[1, 2])], [0, 1, 2, 2]);
    }

    proptest! {
        #[test]
        fn each_answer_is_on_one_page(lengths in prop::collection::vec(prop::collection::vec(1..150_usize, 0..20), 0..5)) {
            let mut seen = Vec::new();
            for page in pages(&lengths, ROOM) {
                let on_it: Vec<(usize, usize)> =
                    page.into_iter().flat_map(|part| part.answers.map(move |at| (part.prompt, at))).collect();
                let characters: usize = on_it.iter().map(|(prompt, at)| lengths[*prompt][*at]).sum();
                prop_assert!(!on_it.is_empty() && on_it.len() <= ROOM.answers);
                prop_assert!(characters <= ROOM.characters || on_it.len() == 1);
                seen.extend(on_it);
            }
            let all = lengths.iter().enumerate().flat_map(|(prompt, lengths)| (0..lengths.len()).map(move |at| (prompt, at)));
            prop_assert_eq!(seen, all.collect::<Vec<_>>());
        }
    }
}
