//! Who an organiser chose to take part: everyone in the channel, or a user group and people who were named.
//!
//! The choice is a part of a programme's settings under a key that is the same for every ritual, so the code that finds the
//! participants needs no ritual to read it. A ritual whose form has the fields offers the choice.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Answers, Participants, messages};
use crate::{
    common::setup::{Complaints, messages::input, plain},
    model::{
        event::{FieldValue, OptionsWanted},
        failure::Failure,
        message::{Block, Field, SelectOption},
        people::{ChannelId, GroupId, Person, PersonKind, UserId},
        text::Markup,
    },
    ritual::Context,
    store::{programmes::Programme, reading::ReadStore},
};

/// How many people can be named.
pub const MOST_NAMED: usize = 100;
/// What stands in settings before the choice.
pub const KEY: &str = "audience";
/// How many user groups a menu offers at once.
const MOST_OFFERED: usize = 100;
/// The fields' names behind the ritual's name and a colon: a menu that the bot fills is found by its ritual.
const GROUP: &str = "group";
const PEOPLE: &str = "people";

/// A choice of people. Those take part who are in the group or named, and in the channel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audience {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<ChosenGroup>,
    /// An erasure may leave it empty; that doesn't bring everyone in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<UserId>,
}

/// A user group, with its handle at the time of the choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChosenGroup {
    pub id: GroupId,
    pub handle: String,
}

/// What the directory knows of a choice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// The group's members and the people who were named.
    pub people: BTreeSet<UserId>,
    /// Whether the group isn't in the directory, or disabled.
    pub lacks_group: bool,
    /// Whether the group is there and has no members.
    pub has_empty_group: bool,
}

impl Audience {
    /// Returns the choice in a programme's settings; `None` is everyone in the channel.
    pub fn of(settings: &str) -> Option<Audience> {
        #[derive(Default, Deserialize)]
        struct Settings {
            #[serde(default)]
            audience: Option<Audience>,
        }
        serde_json::from_str::<Settings>(settings).unwrap_or_default().audience
    }

    /// Returns who is meant, as things stand.
    pub async fn chosen(&self, store: &ReadStore) -> Result<Chosen, Failure> {
        let members = match &self.group {
            Some(group) => Some(store.group_members(&group.id).await?),
            None => None,
        };
        let (lacks_group, members) = match members {
            Some(None) => (true, Vec::new()),
            Some(Some(members)) => (false, members),
            None => (false, Vec::new()),
        };
        let has_empty_group = self.group.is_some() && !lacks_group && members.is_empty();
        let people = members.into_iter().chain(self.people.iter().cloned()).collect();
        Ok(Chosen { people, lacks_group, has_empty_group })
    }

    /// Names the choice in a sentence: `the members of *@design*, and <@U1>`. Mentions of people can ping them.
    pub fn named(&self) -> Markup {
        messages::named_audience(self.group.as_ref().map(|group| group.handle.as_str()), &self.people)
    }
}

/// Returns the fields of the form for the choice of a ritual's programme.
pub fn fields(ritual: &str, audience: Option<&Audience>) -> Vec<Block> {
    let group = audience.and_then(|audience| audience.group.as_ref()).map(option_of);
    let chosen = audience.map(|audience| audience.people.clone()).unwrap_or_default();
    let group = Field::Fed { chosen: group, least_typed: 0 };
    let people = Field::People { chosen, limit: MOST_NAMED };
    vec![
        input(&field(ritual, GROUP), messages::ONLY_GROUP, Some(messages::ONLY_GROUP_HINT), true, group),
        input(&field(ritual, PEOPLE), messages::ONLY_PEOPLE, Some(messages::ONLY_PEOPLE_HINT), true, people),
    ]
}

/// Returns the choice that a form answers, and complains about too many people. A field that the form doesn't have stays as it
/// is.
pub fn answered(
    ritual: &str,
    before: Option<Audience>,
    answers: &Answers,
    complaints: &mut Complaints,
) -> Option<Audience> {
    let (group_field, people_field) = (field(ritual, GROUP), field(ritual, PEOPLE));
    let old = before.clone().unwrap_or_default();
    let group = match answers.get(&group_field) {
        Some(FieldValue::Choice(value)) => group_of(value).or(old.group),
        Some(_) => None,
        None => old.group,
    };
    let people = match answers.get(&people_field) {
        Some(FieldValue::People(people)) => people.clone(),
        Some(_) => Vec::new(),
        None => old.people,
    };
    if people.len() > MOST_NAMED {
        complaints.add(&people_field, messages::too_many_named(MOST_NAMED));
    }
    let after = Audience { group, people };
    // What an erasure has emptied stays so in a form that is sent as it stands.
    if before.as_ref() == Some(&after) {
        return before;
    }
    (after != Audience::default()).then_some(after)
}

/// Complains about a choice in these settings that brings no one of the channel together.
pub async fn check(
    context: &Context,
    ritual: &str,
    channel: &ChannelId,
    settings: &str,
    complaints: &mut Complaints,
) -> Result<(), Failure> {
    let Some(audience) = Audience::of(settings) else { return Ok(()) };
    let store = &context.store;
    let chosen = audience.chosen(store).await?;
    if let Some(group) = &audience.group {
        if chosen.lacks_group {
            context.miss_a_group();
            complaints.add(&field(ritual, GROUP), messages::no_such_group(&group.handle));
        } else if chosen.has_empty_group {
            complaints.add(&field(ritual, GROUP), messages::empty_group(&group.handle));
        }
    }
    // While a channel is being read, it isn't known who is in it.
    if !complaints.is_empty() || store.members_still_unread(channel, &context.bot).await?.is_some() {
        return Ok(());
    }
    let here = store.channel_people(channel).await?;
    if !here.iter().any(|person| chosen.people.contains(&person.id)) {
        let at = if audience.group.is_some() { GROUP } else { PEOPLE };
        complaints.add(&field(ritual, at), plain(store, &messages::none_of_them_here(channel)).await?);
    }
    let known = store.people(&audience.people).await?;
    let unable: Vec<UserId> =
        audience.people.iter().filter(|user| is_unable(known.get(user))).cloned().collect();
    if !unable.is_empty() {
        complaints.add(&field(ritual, PEOPLE), plain(store, &messages::unable_to_take_part(&unable)).await?);
    }
    Ok(())
}

/// Whether a person is known not to take part anywhere: a bot, a deactivated account, a person of another workspace.
fn is_unable(known: Option<&Person>) -> bool {
    known.is_some_and(|person| {
        person.deactivated || !matches!(person.kind, PersonKind::Member | PersonKind::Guest)
    })
}

/// People who are chosen and without a part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outside {
    /// Those who aren't in the channel.
    pub absent: Vec<UserId>,
    /// Those who were named and can't take part: bots, deactivated accounts, people of other workspaces.
    pub unable: Vec<UserId>,
    /// How many have left the programme. Who they are is theirs to tell.
    pub left: usize,
}

/// Returns who is chosen in a programme's settings and without a part, no one while the channel is being read.
pub async fn outside(
    context: &Context,
    programme: &Programme,
    participants: &Participants,
) -> Result<Outside, Failure> {
    let (store, mut outside) = (&context.store, Outside::default());
    let Some(audience) = Audience::of(&programme.settings) else { return Ok(outside) };
    if store.members_still_unread(&programme.channel, &context.bot).await?.is_some() {
        return Ok(outside);
    }
    let chosen = audience.chosen(store).await?.people;
    outside.left = participants.left.iter().filter(|user| chosen.contains(*user)).count();
    let without: Vec<UserId> = chosen.into_iter().filter(|user| !participants.knows(user)).collect();
    let known = store.people(&without).await?;
    for user in without {
        let is_able = known.get(&user).is_some_and(|person| {
            !person.deactivated && matches!(person.kind, PersonKind::Member | PersonKind::Guest)
        });
        if is_able && !store.is_member(&programme.channel, &user).await? {
            outside.absent.push(user);
        } else if audience.people.contains(&user) {
            outside.unable.push(user);
        }
    }
    Ok(outside)
}

/// Returns the user groups whose handle has what a person typed, if one of this ritual's fields asks for them.
pub async fn options(
    context: &Context,
    ritual: &str,
    wanted: &OptionsWanted,
) -> Result<Vec<SelectOption>, Failure> {
    if wanted.action != field(ritual, GROUP) {
        return Ok(Vec::new());
    }
    let typed = wanted.typed.trim().trim_start_matches('@').to_lowercase();
    let groups = context.store.user_groups().await?.into_iter();
    let fitting = groups.filter(|(_, handle)| handle.to_lowercase().contains(&typed));
    let groups = fitting.map(|(id, handle)| ChosenGroup { id, handle });
    Ok(groups.take(MOST_OFFERED).map(|group| option_of(&group)).collect())
}

fn field(ritual: &str, name: &str) -> String {
    format!("{ritual}:{name}")
}

/// The value holds the handle beside the id, since the form is answered without the directory.
fn option_of(group: &ChosenGroup) -> SelectOption {
    SelectOption { label: format!("@{}", group.handle), value: format!("{} {}", group.id, group.handle) }
}

fn group_of(value: &str) -> Option<ChosenGroup> {
    let (id, handle) = value.split_once(' ')?;
    let is_id = id.starts_with('S') && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_id.then(|| ChosenGroup { id: id.into(), handle: handle.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(group: Option<&str>, people: &[&str]) -> Audience {
        Audience {
            group: group.map(|id| ChosenGroup { id: id.into(), handle: "design".to_owned() }),
            people: people.iter().map(|id| UserId::from(*id)).collect(),
        }
    }

    fn answer(before: Option<Audience>, answers: &[(&str, FieldValue)]) -> (Option<Audience>, bool) {
        let answers = answers.iter().map(|(name, value)| (field("sync", name), value.clone())).collect();
        let mut complaints = Complaints::default();
        let after = answered("sync", before, &answers, &mut complaints);
        (after, complaints.is_empty())
    }

    fn as_it_stands(audience: Option<&Audience>) -> Answers {
        let answer = |block: Block| match block {
            Block::Input(input) => Some((input.name, input.field.answer())),
            _ => None,
        };
        fields("sync", audience).into_iter().filter_map(answer).collect()
    }

    #[test]
    fn fields_sent_as_they_stand_change_nothing() {
        for audience in
            [None, Some(choice(Some("S1"), &[])), Some(choice(None, &["U1", "U2"])), Some(choice(None, &[]))]
        {
            let mut complaints = Complaints::default();
            let answers = as_it_stands(audience.as_ref());
            assert_eq!(answered("sync", audience.clone(), &answers, &mut complaints), audience);
            assert_eq!(answer(audience.clone(), &[]), (audience, true));
        }
    }

    #[test]
    fn empty_fields_mean_everyone() {
        let empty = [(GROUP, FieldValue::Empty), (PEOPLE, FieldValue::People(Vec::new()))];
        assert_eq!(answer(Some(choice(Some("S1"), &["U1"])), &empty), (None, true));
    }

    #[test]
    fn a_hostile_answer_names_no_group() {
        for value in ["", "S1", "U1 design", "S1/../ design", "design S1"] {
            assert_eq!(
                answer(None, &[(GROUP, FieldValue::Choice(value.to_owned()))]),
                (None, true),
                "{value}"
            );
        }
        let people: Vec<UserId> = (0..=MOST_NAMED).map(|n| UserId(format!("U{n}"))).collect();
        assert!(!answer(None, &[(PEOPLE, FieldValue::People(people))]).1);
    }

    #[test]
    fn an_emptied_choice_does_not_bring_everyone_in() {
        assert_eq!(Audience::of(r#"{"v":1,"audience":{"people":[]}}"#), Some(choice(None, &[])));
        assert_eq!(Audience::of(r#"{"v":1}"#), None);
        assert_eq!(Audience::of("not JSON"), None);
        let stored = r#"{"group":{"id":"S1","handle":"design"},"people":["U1"]}"#;
        assert_eq!(serde_json::to_string(&choice(Some("S1"), &["U1"])).unwrap(), stored);
    }
}
