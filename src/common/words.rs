//! What a ritual's programmes are called, so that sentences that all rituals share can name them.

use crate::model::text::Markup;

/// The words of a ritual. The programmes of a channel have a plural, even where there is one: its coffee chats, its syncs.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    /// The ritual's name, with which its actions and callbacks begin.
    pub ritual: &'static str,
    /// What its programmes are called: `coffee chats`.
    pub plural: &'static str,
    /// The same where it is clear which are meant: `chats`.
    pub short: &'static str,
    /// An occasion: `round`.
    pub occasion: &'static str,
    /// Several occasions: `rounds`.
    pub occasions: &'static str,
    /// The emoji with which news in the channel begins: `:coffee:`.
    pub emoji: &'static str,
    /// How many people an occasion needs, in figures and in letters.
    pub fewest: (usize, &'static str),
    /// Times that suit most channels, as a person types them.
    pub usual_times: &'static str,
    /// How often occasions suit most channels: a sentence for a person who typed times that come too often.
    pub pace: &'static str,
    /// What the channel is thanked for when programmes end that had occasions: a sentence.
    pub thanks: &'static str,
    /// What the bot knows after programmes have ended, as in `I'll remember who has met.`
    pub remembered: &'static str,
    /// How `now` is offered in the form, as in `Or now, for one retro right away.`; empty where the ritual doesn't know it.
    pub at_once: &'static str,
    /// The title of the form that starts a programme, 24 characters at most.
    pub set_up: &'static str,
    /// The title of the form that changes one, 24 characters at most.
    pub change: &'static str,
    /// Who takes part, and how a person who'd rather not opts out: a sentence of the form.
    pub who: &'static str,
    /// What people take when they take part: `part`.
    pub share: &'static str,
    /// What the bot does at an occasion: `hold a round`.
    pub deed: &'static str,
    /// What is said of an occasion at which it did not: `no round`.
    pub left_out: &'static str,
    /// The people who can take part, as in `the people I can introduce`.
    pub takers: &'static str,
    /// Why people of other workspaces don't take part: a sentence.
    pub strangers: &'static str,
    /// What still holds for a person who has left: a sentence.
    pub after_leaving: &'static str,
    /// An example of a name.
    pub name: &'static str,
}

impl Words {
    /// What its programmes are called, at the beginning of a sentence.
    pub fn at_start(&self) -> Markup {
        let mut letters = self.plural.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        Markup::words(&first.chain(letters).collect::<String>())
    }

    /// What a person types behind the command to start a programme, as an example.
    pub fn start(&self) -> String {
        format!("start {}", self.usual_times)
    }
}
