//! A text as it was typed, and the places in it where a date may stand: behind a word such as `by`, or bare at its end.

use chrono::NaiveDate;

use super::{
    LEADS, MOST_WORDS, NOT_BEFORE_A_DATE, QUOTES, Read, Split, Wall, Why, WrongWhen,
    ahead::is_day_of_each_week,
    beside::{begin_of, date_ahead, date_of_time, moved_before, time_before},
    date,
    days::{day_of_month, day_or_time},
    figures::in_figures,
    is_mark,
    leads::{behind_a_lead, part_alone},
    names::{foreign_near_day, foreign_time},
    read,
    times::is_no_time,
    whole::nearest_of_two,
    words::{plain, without},
};
use crate::common::promises::Due;

pub(super) struct Typed<'t> {
    pub text: &'t str,
    /// The places of its words.
    pub words: Vec<(usize, usize)>,
    /// On the wall of the person who does it.
    pub now: Wall,
}

impl<'t> Typed<'t> {
    /// Returns a word in lower case, without the marks around it.
    fn low(&self, at: usize) -> String {
        self.words.get(at).map_or(String::new(), |(from, to)| plain(&self.text[*from..*to]))
    }

    /// Returns the words from this one on, as far as the one before `end`.
    fn clause(&self, from: usize, end: usize) -> &'t str {
        &self.text[self.words[from].0..self.words[end - 1].1]
    }

    fn wrong(&self, typed: &str, why: Why, nearest: Vec<String>) -> WrongWhen {
        let typed = typed.trim_matches(is_mark).to_owned();
        WrongWhen { typed, why, nearest }.with_what_works(self.now)
    }

    /// Whether a word is behind `not`: from a day on, something may be done on any later one.
    fn is_earliest(&self, at: usize) -> bool {
        at > 0 && self.low(at - 1) == "not"
    }

    fn is_lead(&self, at: usize) -> bool {
        // What stands in quotes is another's words.
        let is_quoted = self.text[self.words[at].0..].starts_with(QUOTES);
        LEADS.contains(&self.low(at).as_str()) && !self.is_earliest(at) && !is_quoted
    }

    /// Returns what the last date behind a word such as `by` says. The longest words that say anything of a date count: behind `Friday 5
    /// December` a Friday is none.
    pub fn behind_a_lead(&self) -> Result<Option<Split>, WrongWhen> {
        for lead in (0..self.words.len()).rev().filter(|at| self.is_lead(*at)) {
            for end in (lead + 2..=self.words.len().min(lead + 1 + MOST_WORDS)).rev() {
                if let Some(split) = self.between(lead, end)? {
                    return Ok(Some(split));
                }
            }
        }
        Ok(None)
    }

    /// Returns what the words behind a lead say, as far as the one before `end`.
    fn between(&self, lead: usize, end: usize) -> Result<Option<Split>, WrongWhen> {
        let (text, now, clause) = (self.text, self.now, self.clause(lead + 1, end));
        let is_before = self.low(lead) == "before";
        if let Some((from, due)) = date_of_time(text, &self.words[..lead], clause, now) {
            return Ok(Some((without(text, from, self.words[end - 1].1), Some(due))));
        }
        match read(clause, now, is_before) {
            Read::Due(due) => self.due_between(lead, end, due).map(Some),
            Read::Wrong(wrong) => Err(wrong.with_what_works(now)),
            Read::Nothing => match behind_a_lead(&clause.to_lowercase(), now.date(), &date(now)) {
                Some((why, nearest)) => Err(self.wrong(clause, why, nearest)),
                None => Ok(None),
            },
        }
    }

    /// Returns what remains of the text beside a date behind a lead, unless words around it say another date.
    fn due_between(&self, lead: usize, end: usize, due: Due) -> Result<Split, WrongWhen> {
        let (text, now, before) = (self.text, self.now, &self.words[..lead]);
        let (clause, until) = (self.clause(lead + 1, end), self.words[end - 1].1);
        if self.low(lead) == "before"
            && let Some(wrong) = moved_before(text, before, clause.trim_matches(is_mark), (&due, true))
        {
            return Err(wrong.with_what_works(now));
        }
        if let Some((from, first)) = date_ahead(text, before, now) {
            if matches!(read(first, now, false), Read::Due(same) if same == due) {
                return Ok((without(text, begin_of(text, before, from), until), Some(due)));
            }
            let second = clause.to_lowercase();
            let nearest = nearest_of_two(&first.to_lowercase(), second.trim_matches(is_mark));
            return Err(self.wrong(&text[from..until], Why::TwoDates, nearest));
        }
        let behind = self.words.get(end).map_or("", |(from, to)| &text[*from..*to]);
        if let Some(nearest) = in_figures(behind.trim_matches(is_mark)).filter(|_| behind.contains('/')) {
            return Err(self.wrong(self.clause(lead + 1, end + 1), Why::Ambiguous, nearest));
        }
        let rest: Vec<String> = (end..self.words.len()).map(|at| self.low(at)).collect();
        if let Some(time) = foreign_time(&rest).filter(|_| due.time.is_none()) {
            let date = clause.trim_matches(is_mark);
            return Err(self.wrong(
                &text[self.words[lead + 1].0..],
                Why::OtherLanguage,
                vec![format!("{date} at {}", time.format("%H:%M"))],
            ));
        }
        Ok((without(text, self.words[lead].0, until), Some(due)))
    }

    /// Returns what is wrong with a word alone behind `by`, at the end.
    pub fn word_alone_at_the_end(&self) -> Option<WrongWhen> {
        let [.., lead, (from, to)] = self.words[..] else { return None };
        if !LEADS.contains(&plain(&self.text[lead.0..lead.1]).as_str()) {
            return None;
        }
        let word = &self.text[from..to];
        let (why, nearest) = word_alone(&plain(word), self.now.date())?;
        Some(self.wrong(word, why, nearest))
    }

    /// Returns what a date at the end says that no word leads to.
    pub fn bare_at_the_end(&self) -> Result<Option<Split>, WrongWhen> {
        for at in self.words.len().saturating_sub(MOST_WORDS)..self.words.len() {
            if LEADS.contains(&self.low(at).as_str()) && self.is_earliest(at) {
                break;
            }
            if self.is_no_begin(at) {
                continue;
            }
            let from = self.words[at].0;
            match read(&self.text[from..], self.now, false) {
                // A date alone says nothing of what is to be done, and is a text like any other.
                Read::Due(_) | Read::Wrong(_) if at == 0 => {}
                // What is for a holiday need not be done by then.
                Read::Wrong(wrong) if wrong.why == Why::Holiday => break,
                Read::Due(due) => return self.bare_due(at, due).map(Some),
                Read::Wrong(wrong) => return Err(wrong.with_what_works(self.now)),
                Read::Nothing => {}
            }
        }
        Ok(None)
    }

    /// Whether a bare date can't begin with this word: `the 2nd` may be a draft or a floor.
    fn is_no_begin(&self, at: usize) -> bool {
        day_of_month(&plain(&self.text[self.words[at].0..])).is_some()
            || is_day_of_each_week(&self.low(at))
            || at > 0 && NOT_BEFORE_A_DATE.contains(&self.low(at - 1).as_str())
    }

    fn bare_due(&self, at: usize, due: Due) -> Result<Split, WrongWhen> {
        let (text, from, before) = (self.text, self.words[at].0, &self.words[..at]);
        let date = text[from..].trim_matches(is_mark);
        let beside =
            time_before(text, before, date, &due).or_else(|| moved_before(text, before, date, (&due, false)));
        match beside {
            Some(wrong) => Err(wrong.with_what_works(self.now)),
            None => Ok((without(text, from, text.len()), Some(due))),
        }
    }
}

/// Returns why a word alone behind `by` is no date, and phrases in its place.
fn word_alone(low: &str, today: NaiveDate) -> Option<(Why, Vec<String>)> {
    let number = || day_or_time(low, today).map(|nearest| (Why::DayOrTime, nearest));
    let part = || part_alone(low).map(|nearest| (Why::PartOfDay, nearest));
    let foreign = || foreign_near_day(low).map(|english| (Why::OtherLanguage, vec![english.to_owned()]));
    let no_time = || {
        let phrases = ["15:00", "tomorrow at 15:00"].map(str::to_owned);
        is_no_time(low).then(|| (Why::NoSuchTime, phrases.to_vec()))
    };
    number().or_else(part).or_else(foreign).or_else(no_time)
}
