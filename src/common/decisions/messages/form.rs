//! The forms that record a decision, and that say it still stands.

use chrono::NaiveDate;

use crate::{
    common::{
        decisions::record::{Decision, MOST_PEOPLE},
        setup::messages::input,
    },
    model::{
        event::LONGEST_WORDS,
        message::{Block, Field, Modal, SelectOption, Shape},
        people::UserId,
        text::{Markup, date, shorten},
    },
    say,
};

/// The callbacks of the forms, behind the ritual's name.
pub const FORM: &str = "decision_form";
pub const STANDS_FORM: &str = "decision_stands_form";
/// The fields of the form.
pub const WHAT: &str = "what";
pub const WHY: &str = "why";
pub const WHO: &str = "who";
pub const TURNED_DOWN: &str = "turned_down";
pub const REVIEW: &str = "review";
pub const OCCASION: &str = "occasion";
/// The fields of another form in which a decision can be written down.
pub const DECIDED: &str = "decided";
pub const DECIDED_WHY: &str = "decided_why";

/// What stands at a field that can't be taken as it is.
pub const NO_DECISION: &str = "What was decided? A sentence is enough.";
pub const NOT_LATER: &str = "That day isn't ahead. Choose a later one, or leave it empty.";
pub const TOO_FAR: &str = "That's more than ten years away. Choose an earlier day, or leave it empty.";
pub const WRONG_DATE: &str = "I couldn't read that as a day. Choose one in the calendar, or leave it empty.";
pub const WRONG_PEOPLE: &str = "I couldn't read who decided. Choose people from the list, or leave it empty.";
pub const BOT_DECIDES: &str = "Bots can't decide. Name the people who did.";
pub const ERASED: &str =
    "One of these people wants me to keep nothing about them. Leave them out; the others can stay.";
pub const UNCHANGED: &str =
    "This is what the decision says already. Change something, or press Cancel and leave it as it is.";
pub const NO_SYNC: &str = "That one has ended or is in another channel. Choose another.";
/// What a form says that holds the beginning of a long text.
pub const CUT: &str = "That was long: the form holds the first 3,000 characters.";

/// How long an option's label may be.
const LONGEST_LABEL: usize = 75;

/// What stands at a text that is too long.
pub fn too_long(length: usize) -> String {
    format!("That's {length} characters, and {LONGEST_WORDS} fit. Please shorten it.")
}

/// What stands at people where there are too many.
pub fn too_many_people(count: usize) -> String {
    format!("That's {count} people, and a decision names {MOST_PEOPLE} at most.")
}

/// What a form asks, with what stands in it.
#[derive(Clone, Debug, Default)]
pub struct Asked<'a> {
    pub what: &'a str,
    pub why: &'a str,
    pub turned_down: &'a str,
    pub who: &'a [UserId],
    pub review_on: Option<NaiveDate>,
    /// The programmes among which the person chooses, by id and name; empty where it's clear.
    pub programmes: &'a [(String, String)],
    /// The name at the end of what was typed by which no programme here is called.
    pub unknown_name: Option<&'a str>,
    /// Whether what was typed was longer.
    pub is_cut: bool,
    /// Whether there is no programme that could look at it again.
    pub is_without_programme: bool,
}

/// Where a new decision is posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostedIn {
    Channel,
    /// The thread of the occasion of this date, which is open.
    Thread(NaiveDate),
    /// One or the other, as the programme says that the person chooses.
    Either,
}

/// What a form is opened for.
#[derive(Clone, Copy, Debug)]
pub enum FormFor<'d> {
    New(PostedIn),
    /// The next version of this one.
    Superseding(&'d Decision),
    /// The same, where this one was recorded while the person wrote.
    Overtaken(&'d Decision),
}

impl FormFor<'_> {
    fn head(self) -> Markup {
        match self {
            FormFor::New(PostedIn::Channel) => {
                Markup::from("I post it in the channel, and everyone there can find it again.")
            }
            FormFor::New(PostedIn::Thread(day)) => say!(
                "I post it in the thread of the sync on {}, which is open, and everyone in the channel can find it again.",
                date(day)
            ),
            FormFor::New(PostedIn::Either) => Markup::from(
                "I post it in the thread of the sync while that's open, else in the channel. Everyone there can find it again.",
            ),
            FormFor::Superseding(old) => say!(
                "This supersedes version {}. Nothing is lost: what it said stays readable under *Versions*.",
                old.version
            ),
            FormFor::Overtaken(now) => {
                let (by, how) = super::last_change(now);
                say!(
                    "{} was quicker and {}. It says now:\n{}\nWhat you wrote is below. Press *Record* if it should supersede that.",
                    by,
                    how,
                    Markup::quote(&shorten(&now.what, super::LONGEST_QUOTE))
                )
            }
        }
    }
}

impl<'a> Asked<'a> {
    /// What a version says.
    pub fn of(decision: &'a Decision) -> Asked<'a> {
        Asked {
            what: &decision.what,
            why: &decision.why,
            turned_down: &decision.turned_down,
            who: &decision.decided_by,
            review_on: decision.review_on,
            ..Asked::default()
        }
    }
}

/// The form.
pub fn form(asked: &Asked<'_>, opened_for: FormFor<'_>, ritual: &str, private: String) -> Modal {
    let mut blocks = vec![Block::Text(opened_for.head())];
    if asked.is_cut {
        blocks.push(Block::Context(Markup::from(CUT)));
    }
    if let Some(name) = asked.unknown_name {
        let line = say!("No syncs here are called {}, so it stands in your words.", Markup::quoted(name));
        blocks.push(Block::Context(line));
    }
    if !asked.programmes.is_empty() {
        let options: Vec<SelectOption> = asked.programmes.iter().map(option).collect();
        let chosen = options.first().map(|option| option.value.clone());
        let field = Field::Choice { options, chosen, shape: Shape::Menu };
        blocks.push(input(OCCASION, "Which sync?", None, false, field));
    }
    let people = Field::People { chosen: asked.who.to_vec(), limit: MOST_PEOPLE };
    blocks.extend([
        input(WHAT, "What was decided?", None, false, text(asked.what, "Use Postgres")),
        input(WHY, "Why?", None, true, text(asked.why, "Two teams know it")),
        input(WHO, "Who decided?", None, true, people),
        input(
            TURNED_DOWN,
            "What was turned down?",
            None,
            true,
            text(asked.turned_down, "MySQL: no one runs it here"),
        ),
        review(asked.review_on, asked.is_without_programme),
    ]);
    let title = match opened_for {
        FormFor::New(_) => "Record a decision",
        FormFor::Superseding(_) | FormFor::Overtaken(_) => "Supersede a decision",
    };
    modal(FORM, title, "Record", (ritual, private), blocks)
}

fn text(written: &str, placeholder: &str) -> Field {
    Field::Text {
        written: written.to_owned(),
        placeholder: placeholder.to_owned(),
        multiline: true,
        limit: LONGEST_WORDS,
    }
}

/// The fields with which the form that closes an occasion takes a decision as well.
pub fn decided_fields() -> [Block; 2] {
    let hint = "The thread gets it as a decision, and it's found again with the others.";
    [
        input(DECIDED, "Was anything decided?", Some(hint), true, text("", "Use Postgres")),
        input(DECIDED_WHY, "Why?", None, true, text("", "Two teams know it")),
    ]
}

fn option((id, name): &(String, String)) -> SelectOption {
    let label =
        if name.is_empty() { "The one without a name".to_owned() } else { shorten(name, LONGEST_LABEL) };
    SelectOption { label, value: id.clone() }
}

fn review(chosen: Option<NaiveDate>, is_without_programme: bool) -> Block {
    let hint = if is_without_programme {
        "This channel has no sync yet. Once it has one, the first from that day on has it on its agenda."
    } else {
        "The first sync from that day on has it on its agenda."
    };
    input(REVIEW, "When do you look at it again?", Some(hint), true, Field::Date { chosen })
}

/// The form that says a decision still stands.
pub fn stands_form(decision: &Decision, ritual: &str, private: String) -> Modal {
    let head = say!("{} still stands.", Markup::bold(&shorten(&decision.what, super::LONGEST_NAME)));
    modal(
        STANDS_FORM,
        "Still stands",
        "Save",
        (ritual, private),
        vec![Block::Text(head), review(None, false)],
    )
}

fn modal(
    callback: &str,
    title: &str,
    submit: &str,
    (ritual, private): (&str, String),
    blocks: Vec<Block>,
) -> Modal {
    Modal {
        callback: super::action(ritual, callback),
        title: title.to_owned(),
        submit: submit.to_owned(),
        close: "Cancel".to_owned(),
        private,
        blocks,
        tell_closed: false,
    }
}

/// What a person chooses to save words as a decision: plain text.
pub fn from(channel: &str, name: &str) -> String {
    if name.is_empty() {
        format!("#{channel}: a decision")
    } else {
        format!("#{channel}: a decision of {name}")
    }
}
