//! What people read of the themes of a retro.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{
    grouping::GROUP,
    own_button,
    revealing::{fitting_answers, hide_button},
    sorting::{controls, sorted},
    the_retro, the_retro_first,
    voting::START_VOTE,
};
use crate::{
    model::{
        message::{ButtonStyle, Message},
        people::{ChannelId, Person, UserId},
        text::{Link, Markup, count, date, one_line},
    },
    rituals::retro::{
        plan::State,
        theme::{MOST_THEMES, Theme, ask_several},
        values::{LONGEST_ANSWER, Retro, RetroAnswer},
    },
    say,
};

/// The organiser's button that shows the themes without a vote.
pub const FINISH: &str = "retro:finish";

/// How many answers of a theme its message shows at most.
const MOST_SHOWN: usize = 15;

/// A retro whose answers its channel has read.
#[derive(Clone, Debug)]
pub struct ShownRetro<'r> {
    pub retro: &'r Retro,
    /// The name of its programme; empty without one.
    pub name: &'r str,
    pub channel: &'r ChannelId,
    /// The first message with its answers, or that with its themes once it is done; `None` until Slack has it.
    pub post: Option<Link>,
}

impl ShownRetro<'_> {
    /// Returns a word for what the channel has read, which leads there.
    fn linked(&self, word: &str) -> Markup {
        self.post.as_ref().map_or_else(|| Markup::plain(word), |post| Markup::link(post, word))
    }
}

/// What the organisers read once the answers are in the channel. `likes` is how many themes were put together from answers that say
/// nearly the same, `themes` how many there are with the answers that stand by themselves.
pub fn what_next(shown: &ShownRetro<'_>, (likes, themes): (usize, usize)) -> Message {
    let ShownRetro { retro, name, channel, .. } = *shown;
    if themes == 0 {
        return Message::new(say!(
            ":mirror: All answers of {} of {} are hidden, so there are no themes to talk about.",
            the_retro(name),
            date(retro.date)
        ))
        .with_buttons(vec![
            own_button("End the retro", FINISH, &retro.id, ButtonStyle::Plain),
            hide_button(&retro.id),
        ]);
    }
    let alike = match likes {
        0 => Markup::default(),
        1 => Markup::from(" Some answers say nearly the same, so I've put them together as one."),
        likes => say!(" {} of them are several answers that say nearly the same.", likes),
    };
    let left_out = themes.saturating_sub(MOST_THEMES);
    let alike = match left_out {
        0 => alike,
        left_out => say!(
            "{} A vote takes {}: put some together, or {} stay in the messages above and out of it.",
            alike,
            MOST_THEMES,
            left_out
        ),
    };
    let finish = own_button("Show the themes", FINISH, &retro.id, ButtonStyle::Plain);
    let group = own_button("Group into themes", GROUP, &retro.id, ButtonStyle::Plain);
    let vote = own_button("Start the vote", START_VOTE, &retro.id, ButtonStyle::Primary);
    Message::new(say!(
        ":mirror: The {} of {} of {} are in {}. Next: what do you talk about? There {} {}.{}",
        shown.linked("answers"),
        the_retro(name),
        date(retro.date),
        channel,
        if themes == 1 { "is" } else { "are" },
        count(themes, "theme", "themes"),
        alike
    ))
    .with_context(
        "*Group into themes* changes what belongs together. *Start the vote* lets everyone who was asked choose. *Show the themes* posts \
         them right away, without a vote.",
    )
    .with_buttons(vec![group, vote, finish, hide_button(&retro.id)])
}

/// What an organiser reads whose button is for another state.
pub fn stands(state: State) -> Message {
    Message::new(match state {
        State::Open | State::Closed | State::Checked => {
            "The answers aren't shown yet, so there are no themes. My message about the close has *Read and reveal*."
        }
        State::Revealed => "The answers are in the channel, and there's no vote yet, so nothing has changed.",
        State::Voting => "The vote is on. You can end it with *End the vote now* in my last message.",
        State::Done => "This retro is done: its themes are in the channel.",
        State::Cancelled => "This retro ended with its programme, so nothing has changed.",
    })
}

/// A message with that button.
pub fn with_hiding(message: Message, retro: &str) -> Message {
    message.with_buttons(vec![hide_button(retro)])
}

/// What the message with the next steps becomes once a vote has begun.
pub fn answers_read(shown: &ShownRetro<'_>) -> Message {
    let ShownRetro { retro, name, channel, .. } = *shown;
    let answers = shown.linked("answers");
    Message::new(say!(
        ":mirror: The {} of {} of {} are in {}.",
        answers,
        the_retro(name),
        date(retro.date),
        channel
    ))
}

/// What is said of a retro that ended with its programme, and what an organiser reads who'd hide an answer.
pub fn answers_shown(shown: &ShownRetro<'_>) -> Message {
    with_hiding(answers_read(shown), &shown.retro.id)
}

/// What the organisers' message becomes once the themes are shown, after a vote or without one. `unsorted` is how many themes no one has
/// sorted yet.
pub fn themes_shown(shown: &ShownRetro<'_>, (had_vote, unsorted): (bool, usize)) -> Message {
    let ShownRetro { retro, name, channel, .. } = *shown;
    let (day, themes) = (date(retro.date), shown.linked("themes"));
    let vote = if had_vote {
        say!("The vote of {} of {} is over, and the {} are in {}.", the_retro(name), day, themes, channel)
    } else {
        say!("{} of {} is done: its {} are in {}.", the_retro_first(name), day, themes, channel)
    };
    let next = match unsorted {
        0 => Markup::default(),
        1 => Markup::from(" Next: sort the one that isn't sorted there by its menu, *In our hands?*."),
        _ => Markup::from(" Next: sort each there by its menu, *In our hands?*."),
    };
    with_hiding(Message::new(say!(":mirror: {}{}", vote, next)), &retro.id)
}

/// What an organiser reads where the themes have changed in the same moment.
pub fn themes_changed() -> Message {
    Message::new("These themes have changed in the same moment, so nothing was done. Please try again.")
}

/// How the themes came into their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ThemeOrder {
    /// There was no vote.
    ByAnswers,
    /// Fewer people than this have voted.
    TooFewVoted(usize),
    /// So many people have voted.
    ByVotes(usize),
    /// They're in their order, and an answer was hidden since.
    Edited,
}

/// What the channel reads of all themes; the first `top` of them get a message each.
pub fn themes(
    name: &str,
    (themes, top): (&[Theme], usize),
    order: ThemeOrder,
    lead: Option<&UserId>,
) -> Message {
    if themes.is_empty() {
        return Message::new(say!(
            ":mirror: {} is done. No answer is shown, so there are no themes.",
            the_retro_first(name)
        ));
    }
    let says_which = ask_several(themes);
    let line = |(at, theme): (usize, &Theme)| {
        let question = question_of(theme, says_which);
        let rank = theme.rank.and_then(|rank| usize::try_from(rank).ok()).unwrap_or(at + 1);
        say!("{}. {}{}{}", rank, Markup::plain(&theme.title()), question, votes_of(theme))
    };
    // Those without a vote come last, and aren't held up for it one by one.
    let voted = themes.iter().take_while(|theme| theme.votes != Some(0)).count();
    let (shown, others) = if voted == 0 { (themes, &[][..]) } else { themes.split_at(voted) };
    let mut lines: Vec<Markup> = shown.iter().enumerate().map(line).collect();
    if !others.is_empty() {
        lines.push(without_votes(others, says_which));
    }
    let how = match order {
        ThemeOrder::ByAnswers => Markup::from("Those with most answers come first."),
        ThemeOrder::TooFewVoted(needed) => say!(
            "Fewer than {} people voted, so the votes don't count and are deleted. Those with most answers come first.",
            needed
        ),
        ThemeOrder::ByVotes(voters) => say!("{} voted.", count(voters, "person", "people")),
        ThemeOrder::Edited => Markup::from("An organiser has hidden or shown an answer since."),
    };
    let rest = match top {
        top if top == themes.len() => Markup::from(" Each follows with a thread to talk in."),
        1 => Markup::from(" The first follows, with a thread to talk in."),
        top => say!(" The first {} follow, each with a thread to talk in.", top),
    };
    let facilitator = lead.map_or_else(Markup::default, |lead| {
        say!(" {} leads your next sync, and can take you through them and sort them.", lead)
    });
    let retro = if name.is_empty() { Markup::from("the retro") } else { Markup::plain(name) };
    Message::new(say!(":mirror: *The themes of {}*\n{}", retro, Markup::join(&lines, "\n")))
        .with_context(say!("{}{}{}", how, rest, facilitator))
}

/// The prompt that a theme answers, behind its name in a list of several prompts' themes.
/// The themes without a vote in a paragraph, by prompts where there are several.
fn without_votes(themes: &[Theme], says_which: bool) -> Markup {
    let mut by_prompt: Vec<(Option<&str>, Vec<Markup>)> = Vec::new();
    for theme in themes {
        let prompt = theme.question().filter(|_| says_which);
        let title = Markup::plain(&theme.title());
        match by_prompt.iter_mut().find(|(known, _)| *known == prompt) {
            Some((_, titles)) => titles.push(title),
            None => by_prompt.push((prompt, vec![title])),
        }
    }
    let titled = |(prompt, titles): (Option<&str>, Vec<Markup>)| {
        let titles = Markup::join(&titles, " · ");
        match prompt {
            Some(prompt) => say!("_{}_ {}", Markup::plain(prompt), titles),
            None => titles,
        }
    };
    let lines: Vec<Markup> = by_prompt.into_iter().map(titled).collect();
    match &lines[..] {
        [one] if !says_which => say!("Also named, without a vote: {}", one),
        _ => say!("Also named, without a vote:\n• {}", Markup::join(&lines, "\n• ")),
    }
}

pub(super) fn question_of(theme: &Theme, says_which: bool) -> Markup {
    let question = theme.question().filter(|_| says_which);
    question.map_or_else(Markup::default, |words| say!(" _({})_", Markup::plain(words)))
}

pub(super) fn votes_of(theme: &Theme) -> Markup {
    let votes = theme.votes.map(|votes| usize::try_from(votes).unwrap_or_default());
    votes.map_or_else(Markup::default, |votes| say!(": {}", count(votes, "vote", "votes")))
}

/// What the channel reads of one theme, in whose thread people talk. `authors` are those who wrote answers with their names: the message
/// of the prompt has mentioned them already.
pub fn theme((name, day): (&str, NaiveDate), theme: &Theme, authors: &BTreeMap<UserId, Person>) -> Message {
    let author = |answer: &RetroAnswer| {
        let author = answer.user.as_ref().and_then(|user| authors.get(user));
        author.map_or_else(Markup::default, |author| say!(" ({})", Markup::name(&author.name)))
    };
    let line =
        |answer: &RetroAnswer| say!("• {}{}", Markup::line_of(&answer.words, LONGEST_ANSWER), author(answer));
    let title = theme.title();
    // An answer that is the title isn't said twice.
    let only = match theme.answers.as_slice() {
        [only] if one_line(&only.words) == title => Some(only),
        _ => None,
    };
    let shown = if only.is_some() { 1 } else { fitting_answers(&theme.answers).min(MOST_SHOWN) };
    let listed = if only.is_some() { 0 } else { shown };
    let mut lines: Vec<Markup> = theme.answers.iter().take(listed).map(line).collect();
    let more = theme.answers.len().saturating_sub(shown);
    if more > 0 {
        lines.push(say!("_and {} more, with all answers above_", more));
    }
    if let Some(question) = theme.question() {
        lines.insert(0, say!("_{}_", Markup::plain(question)));
    }
    let head = say!(
        ":mirror: *{}. {}*{}{}",
        theme.rank.unwrap_or_default(),
        Markup::plain(&title),
        only.map_or_else(Markup::default, author),
        votes_of(theme)
    );
    lines.insert(0, head);
    let message = Message::new(Markup::join(&lines, "\n")).with_context(say!(
        "From {} of {}. {}",
        the_retro(name),
        date(day),
        sorted(theme)
    ));
    let controls = controls(theme);
    if controls.is_empty() { message } else { message.with_controls(controls) }
}

/// What the message of a theme becomes whose answers are all hidden.
pub fn hidden_theme((name, day): (&str, NaiveDate), rank: i64) -> Message {
    Message::new(say!(":mirror: *{}. Hidden by the organiser*", rank)).with_context(say!(
        "From {} of {}.",
        the_retro(name),
        date(day)
    ))
}

/// What an organiser reads who shows the themes without a vote.
pub fn finished(name: &str, channel: &ChannelId, themes: usize) -> Message {
    if themes == 0 {
        return Message::new(say!(
            "{} is done. I've told {} that there are no themes.",
            the_retro_first(name),
            channel
        ));
    }
    Message::new(say!("{} is done: its themes are in {}.", the_retro_first(name), channel))
}
