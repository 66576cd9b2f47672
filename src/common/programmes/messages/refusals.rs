//! What people read whose request could not be followed, with the nearest thing that works.

use chrono::{NaiveDate, NaiveDateTime};

use super::{changing::starts_again, on_the_wall, way_of};
use crate::{
    common::{
        programmes::request::{NO_NAME, Token, Verb, tokens},
        words::Words,
    },
    model::{
        authority::{Denied, MayStart},
        cadence::NotUnderstood,
        message::Message,
        people::{ChannelId, UserId},
        text::{Markup, all_of, date, mentions, shorten},
    },
    say,
};

/// How many letters of what was typed are quoted.
const LONGEST_QUOTE: usize = 80;
/// How long a sentence about times may be, in which they may be quoted.
const LONGEST_SENTENCE: usize = 300;
/// The example for a person who speaks of months.
const MONTHLY: &str = "start last Friday of the month at 10:00";

/// What an organiser reads who would change what is held once and has begun.
pub fn has_begun(words: &Words, command: &str) -> Message {
    Message::new(say!(
        "This {} is held once and has begun, so there are no later times to change. {} shows how it stands.",
        words.occasion,
        way_of(command, "status")
    ))
}

/// What a person reads whose text is no request.
pub fn unknown(words: &Words, sent: &str, meant: Option<Verb>, command: &str) -> Message {
    let typed = quoted(sent);
    if sent.trim_start().to_lowercase().starts_with("uncancel") {
        let status = way_of(command, "status");
        return Message::new(say!(
            "Want a {} back? Press *Change* in {} and untick its date.",
            words.occasion,
            status
        ))
        .with_context("Nothing has changed.");
    }
    let Some(meant) = meant else {
        return Message::new(say!("I don't know \"{}\".", typed))
            .with_context(say!("{} shows what I can do here.", way_of(command, "help")));
    };
    let usual = words.start();
    let start = if sent.to_lowercase().contains("month") { MONTHLY } else { &usual };
    let (short, occasion, occasions) = (words.short, words.occasion, words.occasions);
    let (way, does) = match meant {
        Verb::Help => ("help", Markup::from("shows what I can do here")),
        Verb::Start => {
            (start, say!("shows you a preview first, and {} ends the {}", way_of(command, "stop"), short))
        }
        Verb::Stop => ("stop", say!("ends the {} for the whole channel; I'll ask you first", short)),
        Verb::Status => ("status", say!("shows the next {} and how many take part", occasion)),
        Verb::Join => ("join", Markup::from("brings you back in")),
        Verb::Leave => ("leave", say!("takes you, and only you, out of the {} here", short)),
        Verb::Skip => ("skip", say!("skips the next {}, just for you", occasion)),
        Verb::Pause => ("pause", say!("stops the {} for everyone for a while", occasions)),
        Verb::Away => ("away until Friday", Markup::from("leaves you out until then")),
        Verb::Cancel => ("cancel Tuesday", say!("cancels the {} of that day for everyone", occasion)),
        Verb::Move => {
            ("move Tuesday to Wednesday", say!("moves the {} of that day; all others stay", occasion))
        }
        Verb::Back => ("back", Markup::from("ends your time away")),
        Verb::Resume => ("resume", say!("brings the {} back after a pause", occasions)),
    };
    let way = way_of(command, way);
    Message::new(say!("I don't know \"{}\". Did you mean {}?", typed, &way)).with_context(say!(
        "Nothing has changed. {} {}.",
        &way,
        does
    ))
}

/// The same where a way of the ritual's own is probably meant, with what that does.
pub fn unknown_but_near(sent: &str, (way, does): (&str, &'static str), command: &str) -> Message {
    let way = way_of(command, way);
    Message::new(say!("I don't know \"{}\". Did you mean {}?", quoted(sent), &way)).with_context(say!(
        "Nothing has changed. {} {}.",
        &way,
        does
    ))
}

/// What was typed, shortened. A mention without a name stays a mention: only the person who typed it reads it.
fn quoted(sent: &str) -> Markup {
    let mut room = LONGEST_QUOTE;
    let mut parts = Vec::new();
    for piece in tokens(sent.trim()) {
        if room == 0 {
            break;
        }
        let part = match piece {
            Token::Words(words) => {
                let short = shorten(&words.replace(char::is_whitespace, " "), room);
                room -= short.chars().count();
                Markup::words(&short)
            }
            Token::Person(person) => Markup::from(&person),
            Token::Channel(channel) => Markup::from(&channel),
        };
        parts.push(part);
    }
    Markup::join(&parts, "")
}

/// What stands at times that were not understood.
pub fn wrong_times(error: &NotUnderstood) -> Message {
    Message::new(Markup::words(&shorten(&error.to_string(), LONGEST_SENTENCE)))
}

/// What stands at times that are over.
pub fn times_over(words: &Words) -> Message {
    Message::new(say!("No {} comes at these times any more. Choose later ones.", words.occasion))
}

/// What a person reads whose times were not understood.
pub fn not_understood(error: &NotUnderstood, says_options: bool, command: &str) -> Message {
    let why = Markup::words(&shorten(error.why(), LONGEST_SENTENCE));
    let ways = error.nearest().iter().map(|phrase| way_of(command, &format!("start {phrase}")));
    let ways = Markup::join(&ways.collect::<Vec<_>>(), ", or ");
    let message = Message::new(if error.is_meant() {
        say!("{} Did you mean {}?", why, ways)
    } else {
        say!("{} For example: {}", why, ways)
    });
    if says_options {
        return message.with_context(say!(
            "How long, with whom and other options are set in the form, not typed: {} opens it, or shows *Change*.",
            Markup::code(command)
        ));
    }
    message.with_context(say!("{} shows what I can do here.", way_of(command, "help")))
}

/// What a person reads whose name for a programme is too long.
pub fn long_name(longest: usize) -> Message {
    Message::new(say!("That name is too long. Up to {} characters fit.", longest))
}

/// What a person reads whose times come twice on one day.
pub fn twice_a_day(words: &Words) -> Message {
    let occasion = words.occasion;
    Message::new(say!("That's more than one {} a day, and each {} takes people's time.", occasion, occasion))
        .with_context(words.pace)
}

/// What a person reads who starts a programme in a conversation that is no channel.
pub fn no_channel(words: &Words, command: &str) -> Message {
    Message::new(say!(
        "{} run in a channel. Go to the one whose people should meet, and type {} there.",
        words.at_start(),
        way_of(command, "start every Tuesday at 10:00")
    ))
}

/// What a person reads who would start a programme in a channel of which Slack refuses to tell the bot, with this error.
pub fn cannot_read(error: &str) -> Message {
    Message::new(say!("I can't read this channel yet: Slack says {}.", Markup::code(error)))
        .with_context("I keep trying. If it stays like this, tell the people who run me.")
}

/// What a person reads who would start a programme where the bot is not, as far as it knows.
pub fn not_here(bot: &UserId) -> Message {
    Message::new("As far as I know I'm not in this channel, so I can't see who's here. I'm checking with Slack now.")
        .with_context(say!(
            "If I was just invited, try again in a few seconds. If not, invite me with `/invite` {}, or in a group DM, \
             go to a channel.",
            bot
        ))
}

/// What a person reads who would start a programme in a channel that is archived, as far as the bot knows.
pub fn archived(words: &Words) -> Message {
    Message::new(say!(
        "As far as I know this channel is archived, so {} can't start here. I'm checking with Slack now.",
        words.plural
    ))
    .with_context("If it's back from the archive, try again in a few seconds.")
}

/// What a person reads where there are no programmes: in a channel or in a direct message, with the channels of theirs that
/// have some.
pub fn none_here(
    words: &Words,
    is_channel: bool,
    theirs: &[ChannelId],
    stopped: Option<(NaiveDate, (&str, bool))>,
    command: &str,
) -> Message {
    let here = if is_channel {
        say!("There are no {} in this channel.", words.plural)
    } else {
        say!("{} run in channels.", words.at_start())
    };
    match theirs {
        [] if is_channel => match stopped {
            Some((day, programme)) => {
                Message::new(say!("The {} in this channel were stopped on {}.", words.plural, date(day)))
                    .with_context(say!(
                        "{} I remember {}.",
                        starts_again(words, programme, command),
                        words.remembered
                    ))
            }
            None => Message::new(here).with_context(say!("{} starts them.", way_of(command, &words.start()))),
        },
        [] => no_channel(words, command),
        theirs => {
            let theirs: Vec<Markup> = theirs.iter().map(|channel| say!("{}", channel)).collect();
            Message::new(say!("{} Yours are in {}: type the command there.", here, all_of(&theirs)))
        }
    }
}

/// What a person reads who names a programme that is not there, with those that are.
pub fn no_such_name(words: &Words, name: &str, running: &[&str]) -> Message {
    let without = say!("one without a name ({})", Markup::code(&format!("called {NO_NAME}")));
    let said = |name: &&str| if name.is_empty() { without.clone() } else { Markup::bold(name) };
    let (nameless, called): (Vec<&str>, Vec<&str>) = running.iter().partition(|name| name.is_empty());
    let names: Vec<Markup> = called.iter().chain(&nameless).take(MOST_NAMES).map(said).collect();
    let is_are = if names.len() == 1 { "is" } else { "are" };
    Message::new(say!("No {} here are called {}.", words.plural, Markup::quoted(name))).with_context(say!(
        "There {} {}.",
        is_are,
        all_of(&names)
    ))
}

/// What a person reads whose words may mean several programmes, where a name has to say which; `way` is what they typed.
pub fn say_which(words: &Words, way: &str, names: &[&str], command: &str) -> Message {
    let (said, reason) = match way.split_once(" because ") {
        Some((said, reason)) => (said, format!(" because {reason}")),
        None => (way, String::new()),
    };
    let way = |name: &&str| {
        let name = if name.is_empty() { NO_NAME } else { name };
        way_of(command, &format!("{said} called {name}{reason}"))
    };
    let ways: Vec<Markup> = names.iter().take(MOST_NAMES).map(way).collect();
    Message::new(say!(
        "Several {} run here, so nothing has changed. Say which: {}.",
        words.plural,
        Markup::join(&ways, ", ")
    ))
}

/// What a person reads whose button belongs to a programme that has ended.
pub fn over(words: &Words) -> Message {
    Message::new(say!("These {} have ended, so nothing has changed.", words.plural))
}

/// What a person reads whose preview can't be used any more.
pub fn outdated(command: &str) -> Message {
    Message::new(say!(
        "This preview is out of date, so nothing has changed. Type {} with your times again.",
        way_of(command, "start")
    ))
}

/// What a person reads whose button is none of this release's.
pub fn unknown_button(command: &str) -> Message {
    Message::new(say!(
        "I don't know this button any more, so nothing has changed. {} shows what I can do here.",
        way_of(command, "help")
    ))
}

/// What a person reads who may not stop or move a programme.
pub fn not_yours(words: &Words, organisers: &[UserId], command: &str) -> Message {
    let run = if organisers.len() == 1 { "runs" } else { "run" };
    Message::new(say!(
        "{} {} these {}. They or a workspace admin can change or stop them.",
        mentions(organisers),
        run,
        words.short
    ))
    .with_context(say!(
        "Just for you: {} skips the next {}, {} takes you out.",
        way_of(command, "skip"),
        words.occasion,
        way_of(command, "leave")
    ))
}

/// The same for a person who may start a programme of their own; `is_once` says that this one is held once.
pub fn or_your_own(refused: Message, words: &Words, is_once: bool, command: &str) -> Message {
    let then = if is_once {
        say!(" This {} is held once: when it's over, anyone may hold the next.", words.occasion)
    } else {
        Markup::default()
    };
    refused.with_context(say!(
        "Want your own beside them? Press *Set up another* at {}, and give yours a name.{}",
        Markup::code(command),
        then
    ))
}

/// What stands at `now` where more is written beside it.
pub fn now_stands_alone() -> Message {
    Message::new("Write \"now\" alone, without a place or a time, or write a day and a time instead.")
}

/// What a person reads whose word has an answer of its own.
pub fn unknown_but_explained(sent: &str, explained: &'static str) -> Message {
    Message::new(say!("I don't know \"{}\". {}", quoted(sent), explained))
        .with_context("Nothing has changed.")
}

/// How many groups and people a refusal names who may start programmes.
const MOST_NAMES: usize = 6;

/// What a person reads who may not start programmes, nor change or stop those that have no organiser.
pub fn may_not_start(words: &Words, denied: Denied, may_start: &MayStart, command: &str) -> Message {
    let start = way_of(command, &words.start());
    let type_it = || say!("Ask one of them to type {} here.", &start);
    match (denied, may_start) {
        (Denied::Guest, _) => Message::new(say!(
            "Guests can't start {}. Ask a full member of this workspace to type {} here.",
            words.plural,
            start
        )),
        (Denied::NotInChannel, _) => Message::new(say!(
            "As far as I know you're not in that channel, so I can't set up {} there for you.",
            words.plural
        ))
        .with_context("If you've just joined it, try again in a few seconds."),
        (Denied::NotListed, MayStart::Listed { groups, people }) => {
            let groups = groups.iter().map(|group| say!("@{}", Markup::words(group)));
            let people = people.iter().map(Markup::from);
            let names: Vec<Markup> = [Markup::from("workspace admins")]
                .into_iter()
                .chain(groups.chain(people).take(MOST_NAMES))
                .collect();
            Message::new(say!("Only {} can start {} here. {}", all_of(&names), words.plural, type_it()))
        }
        _ => Message::new(say!("Only workspace admins can start {} here. {}", words.plural, type_it())),
    }
}

/// What a guest reads who would take part where guests don't.
pub fn guests_stay_out(words: &Words) -> Message {
    Message::new(say!("Guests don't take part in {} in this workspace.", words.plural))
}

/// What a person reads whose times come once, and too soon to begin with.
pub fn too_soon(words: &Words, only: NaiveDateTime) -> Message {
    Message::new(say!(
        "The only {} at these times would be on {}, which is less than an hour away.",
        words.occasion,
        on_the_wall(only)
    ))
    .with_context("People need some time to opt out. Choose a later time.")
}
