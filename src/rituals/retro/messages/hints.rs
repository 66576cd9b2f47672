//! What people read who type words that are no way of the command.

use crate::common::programmes::Hint;

/// What is probably meant by words that people type about retros, or what they are told.
pub const HINTS: [(&[&str], Hint); 9] = [
    (&["setup", "settings", "edit", "configure", "options", "anonymous"], Hint::Way("")),
    (
        &["delete", "remove"],
        Hint::Says(
            "`hide` hides an answer that the channel has read, `notes` shows your notes with buttons that delete them, and `stop` ends the \
             retros.",
        ),
    ),
    (
        &["answer", "respond", "reply"],
        Hint::Says("You answer with the button in my own message to you. It comes in your working hours."),
    ),
    (&["ask", "open", "run", "trigger", "now please"], Hint::Way("now")),
    (&["results", "result", "answers", "pulse", "summary", "report"], Hint::Way("history")),
    (&["notes delete", "delete note", "delete notes", "remove note"], Hint::Way("notes")),
    (
        &["remind", "reminder", "nudge"],
        Hint::Says(
            "I remind everyone who was asked once, since I don't know who has answered: so I can't remind single people.",
        ),
    ),
    (
        &["export", "download"],
        Hint::Says("What was shown is in the channel. The people who run me can export it to a file."),
    ),
    (&["reopen"], Hint::Says("A retro that has closed stays closed, since its forms fit nothing any more.")),
];
