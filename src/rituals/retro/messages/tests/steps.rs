//! What is asked before a step, and notes beside a form.

use super::{closes, prompt, prompts, read_modal, retro};
use crate::{
    model::{clock::from_ms, people::ChannelId},
    rituals::retro::{
        messages::{ask_to_close, ask_to_end_vote, ask_to_finish, open_form, with_notes},
        values::{AskedPrompt, Note},
    },
};

#[test]
fn what_cannot_be_taken_back_is_asked_first() {
    let (retro, closes, team) = (retro(), closes(), ChannelId::from("TEAM"));
    insta::assert_snapshot!(read_modal(&ask_to_close(&retro, "", (3, true, &closes), String::new())), @r"
    Close the retro:
    Close the retro of Tuesday, 6 January now? It's open until Friday, 9 January at 10:00. After the close no one can answer, and it can't be opened again.
    *3 of 8 haven't been asked yet*, since it's outside their hours. They wouldn't be.
    [Not yet] [Close now]
    ");
    assert!(!read_modal(&ask_to_close(&retro, "", (0, true, &closes), String::new())).contains("asked yet"));
    let few = read_modal(&ask_to_close(&retro, "", (4, true, &closes), String::new()));
    assert!(few.contains(":warning: Anonymous answers are shown from 5 people on, and 4 people have been asked so far. *If you close now, all of them are deleted, and no one reads them.*"), "{few}");
    assert!(!read_modal(&ask_to_close(&retro, "", (3, true, &closes), String::new())).contains("deleted"));
    assert!(
        !read_modal(&ask_to_close(&retro, "", (4, false, &closes), String::new())).contains("deleted"),
        "named ones are shown"
    );
    let newer = Some("2026-02-03".parse().unwrap());
    insta::assert_snapshot!(read_modal(&ask_to_finish(&retro, ("", &team), (7, newer), String::new())), @r"
    Show the themes:
    Show the 7 themes of the retro of Tuesday, 6 January in <#TEAM> now? There's no vote after that, and they stay as they are.
    :warning: There has been a newer retro since, on Tuesday, 3 February. Is this the one you mean?
    [Not yet] [Show the themes]
    ");
    insta::assert_snapshot!(read_modal(&ask_to_end_vote(&retro, "Ops", &closes, String::new())), @r"
    End the vote:
    End the vote of *Ops* of Tuesday, 6 January now? It runs until Friday, 9 January at 10:00. After the end no one can vote, and I count and post the themes.
    [Not yet] [End the vote now]
    ");
}

#[test]
fn notes_stand_beside_the_named_prompts() {
    let note = |id: &str, words: &str| Note {
        id: id.to_owned(),
        programme: "P".to_owned(),
        user: "BEN".into(),
        words: words.to_owned(),
        noted_at: from_ms(0),
    };
    let named = [(prompts()[1].clone(), String::new()), (prompt("3", "What else?", false), String::new())];
    let form = || open_form(false, &named, &closes(), String::new());
    let read =
        |prompts: &[(AskedPrompt, String)], notes: &[_]| read_modal(&with_notes(form(), prompts, notes));
    assert_eq!(read(&named, &[]), read_modal(&form()));
    assert!(!read(&named[..1], &[note("a", "Tea")]).contains("which prompt"));
    let shown = read(&named, &[note("a", "The review took a week")]);
    assert!(shown.contains("Send notes of yours with your name, too?"), "{shown}");
    assert!(shown.contains("As answers to which prompt?"), "{shown}");
}
