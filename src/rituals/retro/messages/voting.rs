//! What people read and fill in when they vote for themes.

use std::collections::BTreeSet;

use super::{own_button, revealing::hide_button, the_retro, the_retro_first};
use crate::{
    common::{programmes::messages::when, setup::messages::input},
    model::{
        cadence::Occurrence,
        message::{Block, ButtonStyle, Field, Message, Modal, SelectOption, Shape},
        people::ChannelId,
        text::{Markup, count, date, shorten},
    },
    rituals::retro::{
        plan::{Ballot, Budget, MOST_VOTES, VoteTime},
        theme::{Theme, ask_several},
        values::{Retro, Vote},
    },
    say,
};

/// The organiser's buttons and form, and the button and form of those who vote.
pub const START_VOTE: &str = "retro:start_vote";
pub const VOTE_SETUP: &str = "retro:vote_setup";
pub const END_VOTE: &str = "retro:end_vote";
pub const VOTE: &str = "retro:vote";
pub const BALLOT: &str = "retro:ballot";
/// The fields of the form that starts a vote.
pub const VOTES: &str = "votes";
pub const VOTE_FOR: &str = "vote_for";

/// How many themes stand in one paragraph.
const THEMES_SHOWN: usize = 20;
/// How many characters one paragraph of a form holds.
const LONGEST_PARAGRAPH: usize = 2_800;
const LONGEST_OPTION: usize = 75;

/// Returns the name of the field for a vote, from 1.
pub fn vote_field(number: u32) -> String {
    format!("vote_{number}")
}

/// The form that starts a vote, which counts if `needed` people vote.
/// `out` is how many answers stand by themselves beyond the themes that a vote takes.
pub fn vote_setup(name: &str, (themes, out): (usize, usize), needed: usize, private: String) -> Modal {
    let option = |label: Markup, value: String| SelectOption { label: label.as_str().to_owned(), value };
    let votes = |votes: u32| {
        option(count(usize::try_from(votes).unwrap_or_default(), "vote", "votes"), votes.to_string())
    };
    let usual = Budget::default().votes();
    let left_out = match out {
        0 => Markup::default(),
        out => say!(
            " A vote takes {}, so {} of them are out of it. To bring them in, press *Not yet* and put some together with *Group into themes*.",
            themes,
            out
        ),
    };
    let intro = say!(
        "{} has {}.{} Everyone who was asked gets a button in the channel. Who votes for what is never shown, nothing is counted before \
         the end, and the votes count if {} people vote.",
        the_retro_first(name),
        count(themes + out, "theme", "themes"),
        left_out,
        needed
    );
    let votes = Field::Choice {
        options: (1..=MOST_VOTES).map(votes).collect(),
        chosen: Some(usual.to_string()),
        shape: Shape::Menu,
    };
    let times = Field::Choice {
        options: VoteTime::ALL.into_iter().map(|time| option(time_of(time), time.code())).collect(),
        chosen: Some(VoteTime::USUAL.code()),
        shape: Shape::Menu,
    };
    Modal {
        callback: VOTE_SETUP.to_owned(),
        title: "Start the vote".to_owned(),
        submit: "Start".to_owned(),
        close: "Not yet".to_owned(),
        private,
        blocks: vec![
            Block::Text(intro),
            input(
                VOTES,
                "How many votes does each person have?",
                Some("Up to two of them may go to one theme."),
                false,
                votes,
            ),
            input(VOTE_FOR, "How long can people vote?", Some("You can end it earlier."), false, times),
        ],
        tell_closed: false,
    }
}

fn time_of(time: VoteTime) -> Markup {
    let number = |number: u32| usize::try_from(number).unwrap_or_default();
    match time {
        VoteTime::Minutes(60) => Markup::from("1 hour"),
        VoteTime::Minutes(minutes) => count(number(minutes), "minute", "minutes"),
        VoteTime::Days(days) => count(number(days), "day", "days"),
    }
}

/// The themes on a line each, as they are listed until the end of a vote. Where they belong to several prompts, each of these stands above its
/// themes.
pub(super) fn listed(themes: &[Theme]) -> Vec<Markup> {
    let has_headings = ask_several(themes);
    let mut above: Option<Option<&str>> = None;
    let line = |(at, theme): (usize, &Theme)| {
        let answers = theme.answers.len();
        let several = if answers > 1 { say!(" ({} answers)", answers) } else { Markup::default() };
        say!("{}. {}{}", at + 1, Markup::plain(&theme.title()), several)
    };
    let mut lines = Vec::new();
    for (at, theme) in themes.iter().enumerate() {
        let question = theme.question();
        let line = line((at, theme));
        if has_headings && above != Some(question) {
            let heading = question.map_or_else(|| Markup::from("*Several prompts*"), Markup::bold);
            lines.push(say!("{}\n{}", heading, line));
        } else {
            lines.push(line);
        }
        above = Some(question);
    }
    lines
}

/// Puts lines into as few paragraphs as hold them.
pub(super) fn paragraphs(lines: Vec<Markup>) -> Vec<Block> {
    let mut all: Vec<Markup> = Vec::new();
    for line in lines {
        match all.last_mut() {
            Some(last)
                if last.as_str().chars().count() + line.as_str().chars().count() < LONGEST_PARAGRAPH =>
            {
                *last = say!("{}\n{}", &*last, line);
            }
            _ => all.push(line),
        }
    }
    all.into_iter().map(Block::Text).collect()
}

/// Returns which themes a list shows that has no room for all: the first of each question, then the second, and so on.
fn of_each_question(themes: &[Theme]) -> BTreeSet<usize> {
    let mut questions: Vec<Vec<usize>> = Vec::new();
    for (at, theme) in themes.iter().enumerate() {
        let last = questions.last_mut().filter(|last| themes[last[0]].question() == theme.question());
        match last {
            Some(last) => last.push(at),
            None => questions.push(vec![at]),
        }
    }
    let in_turn = (0..themes.len()).flat_map(|turn| questions.iter().filter_map(move |its| its.get(turn)));
    in_turn.take(THEMES_SHOWN).copied().collect()
}

/// Says what a person has.
fn budget_of(vote: Vote) -> Markup {
    let votes = usize::try_from(vote.budget.votes()).unwrap_or_default();
    if votes == 1 { Markup::from("1 vote") } else { say!("{} votes, at most two for one theme", votes) }
}

/// What the channel reads when a vote begins, which counts if `needed` people vote.
pub fn vote_began(
    name: &str,
    retro: &str,
    themes: &[Theme],
    (vote, ends, needed): (Vote, &Occurrence, usize),
) -> Message {
    let mut lines = listed(themes);
    // A line that says "1 more" is as long as the one that it leaves out.
    if lines.len() > THEMES_SHOWN + 1 {
        let more = lines.len() - THEMES_SHOWN;
        let shown = of_each_question(themes);
        let lines_of = lines.into_iter().enumerate();
        lines = lines_of.filter(|(at, _)| shown.contains(at)).map(|(_, line)| line).collect();
        lines.push(say!("_and {} more, in the form_", more));
    }
    Message::new(say!(
        ":mirror: *What should we talk about?* {} has these themes:\n{}",
        the_retro_first(name),
        Markup::join(&lines, "\n")
    ))
    .with_context(say!(
        "Everyone who was asked has {}, until {}. The votes count if {} people vote. Who votes for what is never shown, and you can change \
         your votes until then.",
        budget_of(vote),
        when(ends),
        needed
    ))
    .with_buttons(vec![own_button("Vote", VOTE, retro, ButtonStyle::Primary)])
}

/// What that message becomes when the vote is over.
pub fn vote_over(name: &str, themes: usize) -> Message {
    Message::new(say!(
        ":mirror: The vote on the {} of {} is over.",
        count(themes, "theme", "themes"),
        the_retro(name)
    ))
}

/// What it becomes when the vote is called off with its programme.
pub fn vote_called_off(name: &str) -> Message {
    Message::new(say!(
        ":mirror: {} was stopped during its vote, so the votes aren't counted. Its answers stay above.",
        the_retro_first(name)
    ))
}

/// What the form that starts a vote becomes.
pub fn vote_started(name: &str, ends: &Occurrence) -> Message {
    Message::new(say!("The vote of {} is on in the channel, until {}.", the_retro(name), when(ends)))
}

/// What the organisers read when a vote begins; `version` is that of the retro while it runs.
pub fn vote_for_organiser(
    (name, channel): (&str, &ChannelId),
    (retro, version): (&Retro, i64),
    ends: &Occurrence,
) -> Message {
    let value = format!("{} {version}", retro.id);
    let end = own_button("End the vote now", END_VOTE, &value, ButtonStyle::Plain);
    Message::new(say!(
        ":mirror: The vote of {} of {} runs until {}. Then I count the votes and post the top themes in {}.",
        the_retro(name),
        date(retro.date),
        when(ends),
        channel
    ))
    .with_buttons(vec![end, hide_button(&retro.id)])
}

/// What an organiser reads who has ended a vote.
pub fn vote_ends_now() -> Message {
    Message::new("The vote is over. I'm counting, and the themes will be in the channel in a moment.")
}

/// What an organiser reads where there's nothing to choose between.
pub fn few_themes(themes: usize) -> Message {
    if themes == 0 {
        return Message::new("All answers are hidden, so there are no themes to vote on.");
    }
    Message::new(say!(
        "There {} {}, so there's nothing to choose between. Press *Show the themes*, and I'll post each.",
        if themes == 1 { "is" } else { "are" },
        count(themes, "theme", "themes")
    ))
}

/// What an organiser reads where so few people were asked that a vote would tell who voted for what.
pub fn few_voters(asked: usize, needed: usize) -> Message {
    Message::new(say!(
        "A vote counts when {} people vote, since with fewer its result would tell who voted for what. {} asked. Press *Show the \
         themes*, and I'll post each.",
        needed,
        count(asked, "person was", "people were")
    ))
}

/// The form in which a person votes, with what they have voted so far.
pub fn ballot_form(
    themes: &[Theme],
    (vote, ends): (Vote, &Occurrence),
    ballot: &Ballot,
    private: String,
) -> Modal {
    let mut blocks = vec![Block::Text(say!(
        "You have {}. You can change them until {}. Who votes for what is never shown.",
        budget_of(vote),
        when(ends)
    ))];
    let option = |(at, theme): (usize, &Theme)| SelectOption {
        label: shorten(&format!("{}. {}", at + 1, theme.title()), LONGEST_OPTION),
        value: theme.id.clone(),
    };
    let options: Vec<SelectOption> = themes.iter().enumerate().map(option).collect();
    let mut given = ballot.themes().map(str::to_owned);
    for number in 1..=vote.budget.votes() {
        let field = Field::Choice { options: options.clone(), chosen: given.next(), shape: Shape::Menu };
        let label = if vote.budget.votes() == 1 { "Your vote".to_owned() } else { format!("Vote {number}") };
        blocks.push(input(&vote_field(number), &label, None, true, field));
    }
    // Behind the fields, which a long list would put out of sight.
    blocks.extend(paragraphs(listed(themes)));
    Modal {
        callback: BALLOT.to_owned(),
        title: "Vote".to_owned(),
        submit: "Vote".to_owned(),
        close: "Cancel".to_owned(),
        private,
        blocks,
        tell_closed: false,
    }
}

/// What stands at the first vote of a person who has chosen no theme, and had chosen none before.
pub const NO_THEME: &str = "Choose a theme for at least one of your votes.";

/// What stands at a vote that a theme can't take any more.
pub fn enough_for_one(most: u32) -> String {
    format!("This theme has {most} of your votes, which is the most. Choose another one.")
}

/// What the form becomes when a ballot is saved. It repeats no vote. `lost` is how many were for themes that aren't there any more.
pub fn voted((given, lost): (u32, u32), ends: &Occurrence) -> Message {
    if lost > 0 {
        let lost = usize::try_from(lost).unwrap_or_default();
        return voted((given, 0), ends).with_context(say!(
            "{} for a theme that was hidden meanwhile, and isn't counted.",
            count(lost, "vote was", "votes were")
        ));
    }
    if given == 0 {
        return Message::new(say!("You've given no vote. You can still vote until {}.", when(ends)));
    }
    if given == 1 {
        return Message::new(say!(
            "Your vote is saved. You can change it with the same button until {}.",
            when(ends)
        ));
    }
    Message::new(say!(
        "Your {} votes are saved. You can change them with the same button until {}.",
        usize::try_from(given).unwrap_or_default(),
        when(ends)
    ))
}

/// What a person reads who votes too late.
pub fn vote_is_over() -> Message {
    Message::new(
        "This vote is over, so nothing has changed. The top themes are in the channel, or come in a moment.",
    )
}

/// What a person reads who wasn't asked in the retro that is voted on.
pub fn may_not_vote() -> Message {
    Message::new(
        "Only those who were asked in this retro vote. Once the vote is over, you can talk about the themes in their threads.",
    )
}
