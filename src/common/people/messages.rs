//! Every word that people read about their own settings.

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate, NaiveTime, Weekday};

use super::{
    Away, Hours, PersonSettings,
    fields::{AWAY_FROM, AWAY_TO, DAYS_OUT, DEPARTMENT, LONGEST_WORD, REGION, WORK_FROM, WORK_TO, to_come},
};
use crate::{
    model::{
        event::FieldValue,
        holidays::Holidays,
        message::{
            Block, Button, ButtonStyle, Control, Field, Input, Message, Modal, Pick, Select, SelectOption,
            Shape,
        },
        text::{Markup, all_of, date, date_as_of, date_with_year, unescape},
    },
    say,
};

/// The callback of the form.
pub const FORM: &str = "people:me";
/// The action of a button that opens the form.
pub const EDIT: &str = "people:edit";
/// The action of the menu that drops a time away.
pub const DROP: &str = "people:drop";

/// What stands at a field that lacks the end of a working day.
pub const NO_END: &str = "When does your working day end?";
/// What stands at a field that lacks the beginning of a working day.
pub const NO_BEGINNING: &str = "When does your working day start?";
/// What stands at days out that leave no day.
pub const NEVER_IN: &str =
    "That's every day of the week. For a longer break, choose the days you're away below.";
/// What stands at a field that lacks the last day away.
pub const NO_LAST_DAY: &str = "Until when? Choose your last day away.";
/// What stands at a field that lacks the first day away.
pub const NO_FIRST_DAY: &str = "From when? Choose your first day away.";
/// What stands at a time away that is over.
pub const OVER: &str = "That's over. Choose today or a later day, or clear both days.";

/// What stands at a time away that ends too far ahead.
pub const TOO_FAR: &str = "That's more than a year ahead, and a year is as far as it goes.";
/// What stands at a time away that is one too many.
pub const TOO_MANY_TIMES_AWAY: &str =
    "You have 20 times away ahead already, and that's as many as fit. Drop one first.";

/// What stands at a working day that ends no later than it starts; one that ends after midnight can't be kept as a whole.
pub fn ends_too_early(from: NaiveTime, to: NaiveTime) -> String {
    let (start, midnight) = (from.format("%H:%M"), NaiveTime::MIN);
    if to == from {
        return format!("Your working day starts at {start}. Choose a later time.");
    }
    let rest = if to == midnight { String::new() } else { format!(", or 00:00 to {}", to.format("%H:%M")) };
    format!(
        "I can't keep a working day that crosses midnight. Choose the part in which I may write to you: {start} to 23:59{rest}."
    )
}

/// What stands at a time away that ends before it begins.
pub fn back_too_early(from: NaiveDate) -> String {
    format!("Your first day away is {}. Choose that day or a later one.", unescape(date(from).as_str()))
}

/// The days of the week with the words that the form's answer and the store have for them.
const DAYS: [(Weekday, &str); 7] = [
    (Weekday::Mon, "Monday"),
    (Weekday::Tue, "Tuesday"),
    (Weekday::Wed, "Wednesday"),
    (Weekday::Thu, "Thursday"),
    (Weekday::Fri, "Friday"),
    (Weekday::Sat, "Saturday"),
    (Weekday::Sun, "Sunday"),
];

/// The form, with what is stored in it. `group` is the user group that counts where no department is written, and `zone` that of the
/// person's clock.
pub fn form(
    stored: &PersonSettings,
    group: Option<&str>,
    today: NaiveDate,
    zone: &str,
    holidays: &Holidays,
) -> Modal {
    let next = to_come(stored, today).next();
    let time = |minute: u16| NaiveTime::from_num_seconds_from_midnight_opt(u32::from(minute) * 60, 0);
    let day_options =
        DAYS.map(|(day, label)| SelectOption { label: label.to_owned(), value: day.to_string() });
    let days_out = Field::Choices {
        options: day_options.into(),
        chosen: stored.days_out.iter(Weekday::Mon).map(|day| day.to_string()).collect(),
        shape: Shape::Open,
    };
    let known = known_regions(holidays);
    let group =
        group.map(|handle| format!("If you leave this empty, I'll use your user group in Slack: @{handle}."));
    let zone = format!("By your own clock: {zone}, as in your Slack profile.");
    Modal {
        callback: FORM.to_owned(),
        title: "Your settings".to_owned(),
        submit: "Save".to_owned(),
        close: "Cancel".to_owned(),
        private: String::new(),
        tell_closed: false,
        blocks: vec![
            Block::Text(Markup::from(
                "Coffee chats use these to find you a good match; chats, syncs and retros leave you out when you're away, \
                 and I ask and remind you of promises in your working hours. Leave empty what you'd rather not say.",
            )),
            text(DEPARTMENT, "Department", "Product design", group.as_deref(), stored.department.as_deref()),
            input(WORK_FROM, "Your working day starts at", None, at(stored.work.map(Hours::from), time)),
            input(WORK_TO, "and ends at", Some(&zone), at(stored.work.map(Hours::to), time)),
            input(DAYS_OUT, "Days of the week you don't work", None, days_out),
            input(AWAY_FROM, "First day away", None, Field::Date { chosen: next.map(|away| away.from) }),
            input(AWAY_TO, "Last day away", None, Field::Date { chosen: next.map(|away| away.to) }),
            text(REGION, "Country or region", "Portugal", known.as_deref(), stored.region.as_deref()),
        ],
    }
}

/// A time picker. A day that ends at midnight shows its last minute.
fn at(minute: Option<u16>, time: impl Fn(u16) -> Option<NaiveTime>) -> Field {
    Field::Time { chosen: minute.and_then(|minute| time(minute).or_else(|| time(minute - 1))) }
}

fn text(name: &str, label: &str, placeholder: &str, hint: Option<&str>, written: Option<&str>) -> Block {
    let field = Field::Text {
        written: written.unwrap_or_default().to_owned(),
        placeholder: placeholder.to_owned(),
        multiline: false,
        limit: LONGEST_WORD,
    };
    input(name, label, hint, field)
}

/// How many regions the form names.
const MOST_REGIONS: usize = 30;

/// Names the regions whose holidays are known: a sentence under a field.
fn known_regions(holidays: &Holidays) -> Option<String> {
    let names: Vec<&str> = holidays.regions().iter().map(|region| region.name.as_str()).collect();
    let (last, others) = names.split_last().filter(|_| names.len() <= MOST_REGIONS)?;
    let names =
        if others.is_empty() { (*last).to_owned() } else { format!("{} and {last}", others.join(", ")) };
    Some(format!("You're left out on public holidays there. I know those of {names}."))
}

fn input(name: &str, label: &str, hint: Option<&str>, field: Field) -> Block {
    Block::Input(Input {
        name: name.to_owned(),
        label: label.to_owned(),
        hint: hint.map(str::to_owned),
        optional: true,
        field,
    })
}

/// What a form answers that is sent as it stands.
pub fn as_it_stands(form: &Modal) -> BTreeMap<String, FieldValue> {
    let answer = |block: &Block| match block {
        Block::Input(input) => Some((input.name.clone(), input.field.answer())),
        _ => None,
    };
    form.blocks.iter().filter_map(answer).collect()
}

/// What a person reads whose settings were saved.
pub fn saved(settings: &PersonSettings, today: NaiveDate, holidays: &Holidays) -> Message {
    let mut lines = Vec::new();
    if let Some(department) = &settings.department {
        lines.push(say!("• Department: {}", Markup::words(department)));
    }
    if let Some(hours) = settings.work {
        lines.push(say!("• Working day: {} to {}", clock(hours.from()), clock(hours.to())));
    }
    if !settings.days_out.is_empty() {
        let days: Vec<Markup> = DAYS
            .iter()
            .filter(|(day, _)| settings.days_out.contains(*day))
            .map(|(_, name)| Markup::from(*name))
            .collect();
        lines.push(say!("• Not working on {}", all_of(&days)));
    }
    lines.extend(settings.away.iter().map(|away| say!("• Away: {}", span(*away, today))));
    if let Some(region) = &settings.region {
        lines.push(match holidays.region_of(region) {
            Some(known) => say!(
                "• Country or region: {}, without you on its public holidays ({})",
                Markup::words(region),
                Markup::words(&known.name)
            ),
            None => {
                say!("• Country or region: {}, whose public holidays I don't know", Markup::words(region))
            }
        });
    }
    let message = if lines.is_empty() {
        Message::new("Saved: you have no settings of your own now.")
    } else {
        Message::new(say!("Saved. Your settings are:\n{}", Markup::join(&lines, "\n")))
    };
    message.with_buttons(vec![edit("Change")])
}

/// A button that opens the form.
pub fn edit(label: &str) -> Button {
    Button {
        label: label.to_owned(),
        action: EDIT.to_owned(),
        value: "-".to_owned(),
        look: ButtonStyle::Plain,
    }
}

/// When a person is away, as a part of a sentence.
pub fn days_away(away: Away, today: NaiveDate) -> Markup {
    if away.from == away.to {
        say!("on {}", date_as_of(today, away.from))
    } else if away.from <= today {
        say!("until {}", date_as_of(today, away.to))
    } else {
        say!("from {} to {}", date_as_of(today, away.from), date_as_of(today, away.to))
    }
}

/// All times away that a person has recorded, under a heading.
pub fn recorded(away: &[Away], today: NaiveDate) -> Markup {
    let lines = away.iter().filter(|away| away.to >= today);
    let lines: Vec<Markup> = lines.map(|away| say!("• {}", days_away(*away, today))).collect();
    if lines.is_empty() {
        return Markup::from("You have no time away recorded.");
    }
    say!("Your times away:\n{}", Markup::join(&lines, "\n"))
}

/// Adds the row below a message about times away: the settings, and a menu that drops one of those that the message lists.
pub fn with_drop_menu(message: Message, away: &[Away], today: NaiveDate) -> Message {
    let option = |away: &Away| SelectOption {
        label: unescape(days_away(*away, today).as_str()),
        value: away.as_value(),
    };
    let options: Vec<SelectOption> = away.iter().filter(|away| away.to >= today).map(option).collect();
    let mut controls = vec![Control::Button(edit("My settings"))];
    if !options.is_empty() {
        controls.push(Control::Select(Select {
            action: DROP.to_owned(),
            value: "-".to_owned(),
            placeholder: "Drop a time away…".to_owned(),
            pick: Pick::Choice { options, chosen: None },
        }));
    }
    message.with_controls(controls)
}

/// What a person reads who has dropped a time away; `left` are the others.
pub fn dropped(dropped: Away, left: &[Away], today: NaiveDate) -> Message {
    let message = Message::new(say!(
        "Done: I don't count you as away {} any more. {}",
        days_away(dropped, today),
        recorded(left, today)
    ));
    with_drop_menu(message, left, today)
}

/// What a person reads who drops a time away that isn't recorded any more.
pub fn not_recorded(away: &[Away], today: NaiveDate) -> Message {
    let message = Message::new(say!(
        "That time away isn't recorded any more, so nothing has changed. {}",
        recorded(away, today)
    ));
    with_drop_menu(message, away, today)
}

fn clock(minute: u16) -> Markup {
    Markup::words(&format!("{:02}:{:02}", minute / 60, minute % 60))
}

fn span(away: Away, today: NaiveDate) -> Markup {
    if away.from == away.to {
        return date_as_of(today, away.from);
    }
    // Where either day needs its year, both have it.
    let is_this_year = [away.from, away.to].iter().all(|day| day.year() == today.year());
    let day = if is_this_year { date } else { date_with_year };
    say!("{} to {}", day(away.from), day(away.to))
}

#[cfg(test)]
mod tests {
    use chrono::WeekdaySet;

    use super::*;
    use crate::model::{holidays::Region, message::reading::read};

    #[test]
    fn what_was_saved_is_said_line_by_line() {
        let day = |text: &str| text.parse().unwrap();
        let settings = PersonSettings {
            department: Some("R&D <x>".to_owned()),
            region: Some("Portugal".to_owned()),
            work: Hours::new(9 * 60, 17 * 60 + 30),
            quiet: None,
            days_out: WeekdaySet::from_array([Weekday::Sat, Weekday::Fri]),
            away: vec![
                Away { from: day("2026-01-08"), to: day("2026-01-08") },
                Away { from: day("2026-07-01"), to: day("2026-07-14") },
                Away { from: day("2026-12-24"), to: day("2027-01-02") },
                Away { from: day("2027-05-03"), to: day("2027-05-03") },
            ],
        };
        insta::assert_snapshot!(read(&saved(&settings, day("2026-01-05"), &Holidays::default())), @r"
        Saved. Your settings are:
        • Department: R&amp;D &lt;x&gt;
        • Working day: 09:00 to 17:30
        • Not working on Friday and Saturday
        • Away: Thursday, 8 January
        • Away: Wednesday, 1 July to Tuesday, 14 July
        • Away: Thursday, 24 December 2026 to Saturday, 2 January 2027
        • Away: Monday, 3 May 2027
        • Country or region: Portugal, whose public holidays I don't know
        [Change]
        ");
        let portugal = Region {
            code: "pt".to_owned(),
            name: "Portugal".to_owned(),
            also: Vec::new(),
            days: [(day("2026-06-10"), "Dia de Portugal".to_owned())].into(),
        };
        let holidays = Holidays::new(vec![portugal]).unwrap();
        let region = Some("PT".to_owned());
        let saved_region =
            saved(&PersonSettings { region, ..PersonSettings::default() }, day("2026-01-05"), &holidays);
        insta::assert_snapshot!(read(&saved_region), @r"
        Saved. Your settings are:
        • Country or region: PT, without you on its public holidays (Portugal)
        [Change]
        ");
        insta::assert_snapshot!(read(&saved(&PersonSettings::default(), day("2026-01-05"), &Holidays::default())), @r"
        Saved: you have no settings of your own now.
        [Change]
        ");
    }

    #[test]
    fn times_away_are_listed_and_dropped() {
        let day = |text: &str| text.parse().unwrap();
        let away = |from: &str, to: &str| Away { from: day(from), to: day(to) };
        let left = [
            away("2026-01-01", "2026-01-04"),
            away("2026-01-05", "2026-01-05"),
            away("2026-12-24", "2027-01-02"),
        ];
        let today = day("2026-01-05");
        insta::assert_snapshot!(read(&dropped(away("2026-01-08", "2026-01-09"), &left, today)), @r"
        Done: I don't count you as away from Thursday, 8 January to Friday, 9 January any more. Your times away:
        • on Monday, 5 January
        • from Thursday, 24 December to Saturday, 2 January 2027
        [My settings] [Drop a time away… ▾]
        ");
        insta::assert_snapshot!(read(&dropped(away("2026-01-01", "2026-01-09"), &left[..1], today)), @r"
        Done: I don't count you as away until Friday, 9 January any more. You have no time away recorded.
        [My settings]
        ");
        insta::assert_snapshot!(read(&not_recorded(&[], today)), @r"
        That time away isn't recorded any more, so nothing has changed. You have no time away recorded.
        [My settings]
        ");
    }

    #[test]
    fn a_working_day_that_ends_at_midnight_is_shown_to_its_last_minute() {
        let settings = PersonSettings { work: Hours::new(0, 24 * 60), ..PersonSettings::default() };
        let form = form(&settings, None, "2026-01-05".parse().unwrap(), "UTC", &Holidays::default());
        let answer = as_it_stands(&form).remove(WORK_TO);
        assert_eq!(answer, Some(FieldValue::Time("23:59:00".parse().unwrap())));
    }
}
