//! The form in which organisers put answers together: one theme at a time, each saved at once.

use std::collections::BTreeSet;

use super::{
    Retros,
    answering::as_form,
    grouping::{instead, tell_grouped},
    messages::{self, MOST_CHOSEN, NEW_THEME},
    plan::{Act, State},
    store,
    theme::{Grouped, LONGEST_NAME, MOST_THEMES, Theme},
    values::{Retro, RetroAnswer},
};
use crate::{
    common::setup::Complaints,
    model::{
        event::{Action, FieldValue, OptionsWanted, Reply, Submission},
        failure::Failure,
        message::{Modal, SelectOption},
        text::{Markup, fold, one_line},
    },
    ritual::{Answer, Context},
    store::unit::UnitOfWork,
};

/// What the form carries: the retro in a version, and the theme in its fields.
struct Carried {
    retro: String,
    version: i64,
    theme: String,
}

impl Carried {
    fn read(private: &str) -> Option<Carried> {
        let mut parts = private.split(' ');
        let retro = parts.next()?.to_owned();
        Some(Carried { retro, version: parts.next()?.parse().ok()?, theme: parts.next()?.to_owned() })
    }
}

impl Retros {
    /// Opens the form.
    pub(super) async fn open_grouping<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        let by = (action.value.as_str(), &action.user);
        match self.at_step(context, by, Act::Group).await? {
            Ok((retro, _)) => {
                let grouped = store::themes::grouped(&context.store, &retro.id).await?;
                Ok(Answer::reply(Reply::Open(Box::new(form(&retro, &grouped, NEW_THEME, None)))))
            }
            Err(message) => Ok(instead(message, &action.value)),
        }
    }

    /// Shows the form with the theme that was chosen in it.
    pub(super) async fn theme_chosen<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        let private = action.view.as_ref().map_or("", |view| &view.private);
        let Some(carried) = Carried::read(private) else { return Ok(Answer::nothing()) };
        let chosen = match &action.chosen {
            Some(FieldValue::Choice(chosen)) => chosen.as_str(),
            _ => NEW_THEME,
        };
        let by = (carried.retro.as_str(), &action.user);
        match self.at_step(context, by, Act::Group).await? {
            Ok((retro, _)) => {
                let grouped = store::themes::grouped(&context.store, &retro.id).await?;
                Ok(Answer::reply(Reply::Update(Box::new(form(&retro, &grouped, chosen, None)))))
            }
            Err(message) => Ok(Answer::reply(as_form(message))),
        }
    }

    /// Saves the theme of the form. If another organiser was quicker, nothing is saved and the form shows how the themes stand.
    pub(super) async fn theme_sent<'c>(
        &'c self,
        context: &'c Context,
        sent: Submission,
    ) -> Result<Answer<'c>, Failure> {
        let Some(carried) = Carried::read(&sent.private) else { return Ok(Answer::nothing()) };
        let by = (carried.retro.as_str(), &sent.user);
        let (retro, programme) = match self.step_of_form(context, by, Act::Group).await? {
            Ok(found) => found,
            Err(message) => return Ok(Answer::reply(as_form(message))),
        };
        if retro.version != carried.version {
            return Ok(Answer::reply(changed_meanwhile(context, &carried, &sent).await?));
        }
        let grouped = store::themes::grouped(&context.store, &retro.id).await?;
        let theme = match edited(context, &sent, &grouped, &carried) {
            Ok(theme) => theme,
            Err(complaints) => return Ok(Answer::reply(complaints.reply())),
        };
        let before = grouped.themes.iter().find(|before| before.id == theme.id);
        let mut unit = UnitOfWork::new();
        store::themes::begin_change(&mut unit, &context.team, &retro);
        let stay: BTreeSet<&str> = theme.answers.iter().map(|answer| answer.id.as_str()).collect();
        let gone = before.into_iter().flat_map(|theme| &theme.answers);
        for answer in gone.filter(|answer| !stay.contains(answer.id.as_str())) {
            store::themes::take_out(&mut unit, &context.team, &retro.id, &answer.id);
        }
        let (after, lone) = grouped.clone().with(theme.clone()).without_lone(&grouped);
        let is_gone = theme.answers.is_empty() || lone.iter().any(|lone| lone.id == theme.id);
        let notice = if let Some(before) = before.filter(|_| is_gone) {
            store::themes::delete(&mut unit, &context.team, &theme.id);
            messages::theme_gone(before)
        } else {
            store::themes::put(&mut unit, &context.team, &retro.id, &theme);
            messages::theme_saved(&theme)
        };
        for lone in &lone {
            store::themes::dissolve(&mut unit, &context.team, &retro.id, lone);
        }
        let retro = Retro { version: retro.version + 1, ..retro };
        let grouped = after;
        tell_grouped(&mut unit, context, (&retro, &programme), &grouped).await?;
        let saved = form(&retro, &grouped, NEW_THEME, Some(notice));
        Ok(Answer::new(unit, Reply::Update(Box::new(saved))).or_else(move |_| {
            Box::pin(async move { Ok(Answer::reply(changed_meanwhile(context, &carried, &sent).await?)) })
        }))
    }

    /// Returns the answers that have what an organiser has typed, those without a theme first.
    pub(super) async fn answer_options(
        &self,
        context: &Context,
        wanted: &OptionsWanted,
    ) -> Result<Vec<SelectOption>, Failure> {
        let private = wanted.view.as_ref().map_or("", |view| &view.private);
        let Some(carried) = Carried::read(private) else { return Ok(Vec::new()) };
        let by = (carried.retro.as_str(), &wanted.user);
        if self.at_step(context, by, Act::Group).await?.is_err() {
            return Ok(Vec::new());
        }
        let Grouped { themes, alone } = store::themes::grouped(&context.store, &carried.retro).await?;
        let typed = fold(&wanted.typed);
        let all = alone.iter().chain(themes.iter().flat_map(|theme| &theme.answers));
        let fitting = all.filter(|answer| fold(&answer.words).contains(&typed));
        Ok(fitting.take(MOST_CHOSEN).map(messages::answer_option).collect())
    }
}

/// Returns the form with a theme in its fields.
fn form(retro: &Retro, grouped: &Grouped, theme: &str, notice: Option<Markup>) -> Modal {
    let theme = grouped.themes.iter().find(|known| known.id == theme);
    let id = theme.map_or(NEW_THEME, |theme| &theme.id);
    let private = format!("{} {} {id}", retro.id, retro.version);
    messages::group_form(grouped, theme, notice, (retro.version, private))
}

/// Returns the form as the themes stand, after another organiser was quicker, or the person's own first press.
async fn changed_meanwhile(
    context: &Context,
    carried: &Carried,
    sent: &Submission,
) -> Result<Reply, Failure> {
    let Some(retro) = store::retro(&context.store, &carried.retro).await? else {
        return Ok(as_form(messages::stands(State::Cancelled)));
    };
    let grouped = store::themes::grouped(&context.store, &retro.id).await?;
    let saved = edited(context, sent, &grouped, carried).ok();
    let saved = saved.and_then(|sent| grouped.themes.iter().find(|theme| says_the_same(theme, &sent)));
    let notice = saved.map_or_else(messages::grouped_meanwhile, messages::theme_saved);
    Ok(Reply::Update(Box::new(form(&retro, &grouped, NEW_THEME, Some(notice)))))
}

/// Whether two themes have the same name and the same answers.
fn says_the_same(one: &Theme, other: &Theme) -> bool {
    let ids = |theme: &Theme| -> BTreeSet<String> {
        theme.answers.iter().map(|answer| answer.id.clone()).collect()
    };
    one.name == other.name && ids(one) == ids(other)
}

/// Returns the theme that a form holds, or what is to be mended at its fields.
fn edited(
    context: &Context,
    sent: &Submission,
    grouped: &Grouped,
    carried: &Carried,
) -> Result<Theme, Complaints> {
    let own = format!("{}_{}", carried.version, carried.theme);
    let (name_field, answers_field) =
        (format!("{}{own}", messages::THEME_NAME), format!("{}{own}", messages::THEME_ANSWERS));
    let mut complaints = Complaints::default();
    let name = match sent.answers.get(&name_field) {
        Some(FieldValue::Text(name)) => one_line(name),
        _ => String::new(),
    };
    if name.chars().count() > LONGEST_NAME {
        complaints.add(&name_field, messages::long_name());
    }
    let chosen: BTreeSet<&str> = match sent.answers.get(&answers_field) {
        Some(FieldValue::Choices(chosen)) => chosen.iter().map(String::as_str).collect(),
        _ => BTreeSet::new(),
    };
    let all = grouped.alone.iter().chain(grouped.themes.iter().flat_map(|theme| &theme.answers));
    let answers: Vec<RetroAnswer> =
        all.filter(|answer| chosen.contains(answer.id.as_str())).cloned().collect();
    let before = grouped.themes.iter().find(|theme| theme.id == carried.theme);
    if before.is_none() && answers.is_empty() {
        complaints.add(&answers_field, messages::NO_ANSWER_CHOSEN.to_owned());
    } else if before.is_none() && grouped.themes.len() >= MOST_THEMES {
        complaints.add(&answers_field, messages::themes_full());
    }
    let id = before.map_or_else(|| context.id(), |theme| theme.id.clone());
    if complaints.is_empty() { Ok(Theme { name, ..Theme::unnamed(id, answers) }) } else { Err(complaints) }
}
