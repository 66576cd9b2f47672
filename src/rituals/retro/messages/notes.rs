//! What people read of their notes between retros.

use super::{WORDS, own_button};
use crate::{
    common::programmes::messages::{called, way_of},
    model::{
        message::{Block, ButtonStyle, Control, Message},
        people::ChannelId,
        text::{Markup, count},
    },
    rituals::retro::values::{LONGEST_ANSWER, MOST_NOTES, Note},
    say,
};

/// The button that deletes a note; its value is the note.
pub const DELETE_NOTE: &str = "retro:delete_note";

/// How many characters of a note are shown where several are.
const LONGEST_SHOWN: usize = 200;

/// What a person reads who has noted something.
pub fn noted(note: &Note, (name, channel): (&str, &ChannelId), is_planned: bool, command: &str) -> Message {
    let what = if name.is_empty() {
        Markup::from("the next retro")
    } else {
        say!("the next *{}*", Markup::plain(name))
    };
    Message::new(say!(
        ":memo: Noted for {} of {}: {}",
        what,
        channel,
        Markup::line_of(&note.words, LONGEST_SHOWN)
    ))
    .with_context(say!(
        "Only you read it. {} and is deleted when that retro closes. Until then my database has it with your name, so put it into other words \
         for an anonymous prompt. {} shows and deletes your notes.",
        if is_planned {
            "It comes back in my next question to you,"
        } else {
            "No further retro is planned here yet: it comes back in my question to you once there's one,"
        },
        way_of(command, "notes")
    ))
    .with_buttons(vec![own_button("Delete", DELETE_NOTE, &note.id, ButtonStyle::Plain)])
}

/// What a person reads if Slack sends their command once more: what stood in the first answer is kept with the notes alone.
pub fn noted_before(command: &str) -> Message {
    Message::new(say!(
        "I've answered that already. {} shows your notes as they are now.",
        way_of(command, "notes")
    ))
}

/// What a person reads who notes the same again.
pub fn noted_same(note: &Note, command: &str) -> Message {
    Message::new(say!("You've noted that already: {}", Markup::line_of(&note.words, LONGEST_SHOWN)))
        .with_context(say!("{} shows all your notes.", way_of(command, "notes")))
        .with_buttons(vec![own_button("Delete", DELETE_NOTE, &note.id, ButtonStyle::Plain)])
}

/// What a person reads who isn't among those who are asked.
pub fn note_not_chosen() -> Message {
    Message::new(
        "These retros ask only people who were chosen for them, and you aren't one of them. A note couldn't come back to you, so nothing is noted.",
    )
}

/// What a person reads who has left.
pub fn note_has_left(command: &str) -> Message {
    Message::new(say!(
        "You've left these retros, so a note couldn't come back to you, and nothing is noted. {} brings you back.",
        way_of(command, "join")
    ))
}

/// A person's notes as `notes` shows them.
#[derive(Clone, Debug, Default)]
pub struct NotesShown {
    /// Those for the next retro.
    pub next: Vec<Note>,
    /// Those that came back in a retro that is open.
    pub open: Vec<Note>,
    /// Those of them that the person has sent with their name.
    pub sent: Vec<Note>,
}

/// What `notes` says to their author.
pub fn notes(NotesShown { next, open, sent }: &NotesShown, command: &str) -> Message {
    if next.is_empty() && open.is_empty() && sent.is_empty() {
        return Message::new(say!(
            "You have no notes for the next retro here. {} keeps one for you alone.",
            way_of(command, "note the review took a week")
        ));
    }
    let headings = [
        "*Your notes for the next retro*, for you alone",
        "*Your notes for the retro that is open*, for you alone; they're deleted when it closes",
        "*Notes that you've sent with your name*; they're deleted when the retro closes",
    ];
    let (mut message, mut room) = (Message::default(), MOST_NOTES);
    for (heading, notes) in headings.into_iter().zip([next, open, sent]) {
        let fitting = notes.get(..room.min(notes.len())).unwrap_or_default();
        if !fitting.is_empty() {
            add_notes(&mut message, heading, fitting);
        }
        room -= fitting.len();
    }
    let more = (next.len() + open.len() + sent.len()).saturating_sub(MOST_NOTES);
    if more == 0 {
        message
    } else {
        message.with_context(say!("… and {}.", count(more, "more note", "more notes")))
    }
}

/// Adds notes below their heading, each with its button.
fn add_notes(message: &mut Message, heading: &'static str, notes: &[Note]) {
    let heading = Markup::from(heading);
    message.text =
        if message.blocks.is_empty() { heading.clone() } else { say!("{}\n{}", &message.text, &heading) };
    message.blocks.push(Block::Text(heading));
    for note in notes {
        let line = say!("• {}", Markup::line_of(&note.words, LONGEST_SHOWN));
        message.text = say!("{}\n{}", &message.text, &line);
        message.blocks.push(Block::Text(line));
        let delete = own_button("Delete", DELETE_NOTE, &note.id, ButtonStyle::Plain);
        message.blocks.push(Block::Controls(vec![Control::Button(delete)]));
    }
}

/// What a question says of a person's notes, with so many named prompts, whose form offers them, and anonymous ones.
pub(super) fn returned(notes: &[Note], (named, anonymous): (usize, usize)) -> Option<Markup> {
    if notes.is_empty() {
        return None;
    }
    let mut lines = vec![Markup::from("*Your notes since the last retro*")];
    lines.extend(notes.iter().map(|note| say!("• {}", Markup::line_of(&note.words, LONGEST_SHOWN))));
    lines.push(Markup::from(match (named, anonymous) {
        (0, _) => "_Put them into other words: my database has them with your name until the retro closes._",
        (_, 0) => "_The form offers them, and you tick those that you'd like to send._",
        _ => {
            "_Where you answer with your name, the form offers them, and you tick those that you'd like to send. For an anonymous prompt put them \
             into other words: my database has them with your name until the retro closes._"
        }
    }));
    Some(Markup::join(&lines, "\n"))
}

pub fn note_deleted(command: &str) -> Message {
    Message::new(say!("That note is deleted. {} shows what's left.", way_of(command, "notes")))
}

pub fn note_gone(command: &str) -> Message {
    Message::new(say!("That note is gone already. {} shows what's left.", way_of(command, "notes")))
}

/// What a person reads who notes nothing.
pub fn no_note(command: &str) -> Message {
    Message::new(say!("What should I note? For example: {}", way_of(command, "note the review took a week")))
}

pub fn long_note() -> Message {
    Message::new(say!(
        "That's longer than {} characters, so nothing is noted. Shorten it, or make two notes of it.",
        LONGEST_ANSWER
    ))
}

pub fn notes_full(command: &str) -> Message {
    Message::new(say!(
        "That wasn't noted: I keep {} notes of yours for a retro at most, and one at a time. {} shows them, each with *Delete*.",
        MOST_NOTES,
        way_of(command, "notes")
    ))
}

/// What a person reads who notes something where several retros run.
pub fn note_which(names: &[String], command: &str) -> Message {
    let way = |name: &String| way_of(command, &format!("note … called {name}"));
    let ways: Vec<Markup> = names.iter().filter(|name| !name.is_empty()).map(way).collect();
    Message::new(say!("Several retros run here. For which do you note it? {}", Markup::join(&ways, ", ")))
}

/// What a person reads who would note something where no further retro is planned.
pub fn retros_are_over(name: &str, channel: &ChannelId, command: &str) -> Message {
    let retros = called(&WORDS, name);
    Message::new(say!(
        "No further retro is planned for {} in {}, so nothing is noted. {} starts one; a note then comes back to you in its question.",
        retros,
        channel,
        way_of(command, "now")
    ))
}

/// What *Save for…* offers.
pub fn note_place(channel: &str, name: &str) -> String {
    let what = if name.is_empty() { "the next retro" } else { name };
    format!("#{channel}: a note for {what}")
}

pub fn no_retros_there() -> Message {
    Message::new("No retros run there any more, or you aren't in that channel, so nothing is noted.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{clock::from_ms, message::reading::read};

    fn note(words: &str) -> Note {
        Note {
            id: "N".to_owned(),
            programme: "P".to_owned(),
            user: "BEN".into(),
            words: words.to_owned(),
            noted_at: from_ms(0),
        }
    }

    fn next(notes: &[Note]) -> NotesShown {
        NotesShown { next: notes.to_vec(), ..NotesShown::default() }
    }

    #[test]
    fn notes_of_an_open_retro_stand_apart() {
        let shown =
            NotesShown { next: vec![note("Tea")], open: vec![note("Rain")], sent: vec![note("Lunch")] };
        insta::assert_snapshot!(read(&notes(&shown, "/retro")), @r"
        *Your notes for the next retro*, for you alone
        • Tea
        [Delete]
        *Your notes for the retro that is open*, for you alone; they're deleted when it closes
        • Rain
        [Delete]
        *Notes that you've sent with your name*; they're deleted when the retro closes
        • Lunch
        [Delete]
        ");
    }

    #[test]
    fn notes_are_shown_to_their_author() {
        let one = note("The <review> took *a week*");
        insta::assert_snapshot!(read(&noted(&one, ("", &"TEAM".into()), true, "/retro")), @r"
        :memo: Noted for the next retro of <#TEAM>: The &lt;review&gt; took *a week*
        (Only you read it. It comes back in my next question to you, and is deleted when that retro closes. Until then my database has it with your name, so put it into other words for an anonymous prompt. `/retro notes` shows and deletes your notes.)
        [Delete]
        ");
        insta::assert_snapshot!(read(&notes(&next(&[one.clone(), note("Tea")]), "/retro")), @r"
        *Your notes for the next retro*, for you alone
        • The &lt;review&gt; took *a week*
        [Delete]
        • Tea
        [Delete]
        ");
        let many = vec![one; 21];
        assert!(read(&notes(&next(&many), "/retro")).ends_with("(… and 1 more note.)"));
        insta::assert_snapshot!(read(&notes(&NotesShown::default(), "/retro")), @"You have no notes for the next retro here. `/retro note the review took a week` keeps one for you alone.");
        insta::assert_snapshot!(returned(&[note("Tea")], (1, 2)).unwrap().as_str(), @r"
        *Your notes since the last retro*
        • Tea
        _Where you answer with your name, the form offers them, and you tick those that you'd like to send. For an anonymous prompt put them into other words: my database has them with your name until the retro closes._
        ");
        let named = returned(&[note("Tea")], (3, 0)).unwrap();
        assert!(
            named.as_str().ends_with("_The form offers them, and you tick those that you'd like to send._")
        );
        insta::assert_snapshot!(returned(&[note("Tea")], (0, 3)).unwrap().as_str(), @r"
        *Your notes since the last retro*
        • Tea
        _Put them into other words: my database has them with your name until the retro closes._
        ");
    }

    #[test]
    fn what_is_not_noted_is_explained() {
        let long = note("Tea");
        insta::assert_snapshot!(read(&noted_same(&long, "/retro")), @r"
        You've noted that already: Tea
        (`/retro notes` shows all your notes.)
        [Delete]
        ");
        insta::assert_snapshot!(read(&note_not_chosen()), @"These retros ask only people who were chosen for them, and you aren't one of them. A note couldn't come back to you, so nothing is noted.");
        insta::assert_snapshot!(read(&note_has_left("/retro")), @"You've left these retros, so a note couldn't come back to you, and nothing is noted. `/retro join` brings you back.");
        insta::assert_snapshot!(read(&no_note("/retro")), @"What should I note? For example: `/retro note the review took a week`");
        insta::assert_snapshot!(read(&long_note()), @"That's longer than 1000 characters, so nothing is noted. Shorten it, or make two notes of it.");
        insta::assert_snapshot!(read(&notes_full("/retro")), @"That wasn't noted: I keep 20 notes of yours for a retro at most, and one at a time. `/retro notes` shows them, each with *Delete*.");
        insta::assert_snapshot!(read(&note_which(&["Ops".to_owned(), String::new()], "/retro")), @"Several retros run here. For which do you note it? `/retro note … called Ops`");
        insta::assert_snapshot!(read(&note_deleted("/retro")), @"That note is deleted. `/retro notes` shows what's left.");
        insta::assert_snapshot!(read(&note_gone("/retro")), @"That note is gone already. `/retro notes` shows what's left.");
        insta::assert_snapshot!(read(&no_retros_there()), @"No retros run there any more, or you aren't in that channel, so nothing is noted.");
        insta::assert_snapshot!(read(&retros_are_over("", &"TEAM".into(), "/retro")), @"No further retro is planned for the retros in <#TEAM>, so nothing is noted. `/retro now` starts one; a note then comes back to you in its question.");
        assert_eq!(note_place("team", "Ops"), "#team: a note for Ops");
    }
}
