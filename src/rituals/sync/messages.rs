//! Every word that people read about syncs.

mod agenda;
mod announcement;
mod before;
mod busy;
mod closing;
mod history;
mod loss;
mod night;
mod no_lead;
pub mod notes;
mod setup;
mod sheet;
mod silence;
mod skipping;
mod start;
mod status;
mod striking;
pub mod swap;
#[cfg(test)]
mod tests;
mod unreached;

pub use self::{
    agenda::{
        Agenda, IN_FULL, ORDER_AGENDA, ORDER_FORM, TAKE_BACK, TAKE_ONE_BACK, added, agenda, agenda_changed,
        agenda_changed_meanwhile, agenda_full, agenda_in_full, agenda_in_thread, agenda_lines, already_there,
        cannot_take_back, ended, lead_may, no_point, no_sync_to_come, nothing_left, order_form, ordered,
        place, taken_back, wrong_place,
    },
    announcement::announcement,
    before::{
        ACCEPT, DECLINE, NO_ONE_LEADS, NO_TURN_TO_SWAP, NOT_NEXT, OUT_OF_HOURS, SWAP, SyncPlace, TurnMoved,
        VOLUNTEER, VOLUNTEER_FOR, agreed, answered_below, ask, begun, has_holiday, lead_is_taken,
        led_by_another, moved, named, named_below, news_below, not_in_channel, not_taking_part, not_there,
        not_yours, paused, remind, taken_from_you, turn_moved, ways_out, with_offer, with_offers,
        with_old_time, with_own_turn, yours, yours_already, yours_now,
    },
    busy::with_other_duty,
    closing::{
        CLOSE, CLOSE_FORM, IS_CLOSED, Led, NOTES, REACHED, TAKING_NOTES, added_late, addition, ask_to_close,
        asked_again, close_form, close_which, closed, closed_below, closed_by, is_closed,
        is_closed_by_others, lapsed, lapsed_question, long_notes, may_not_close, nothing_to_close,
        still_open, stopped_question, summary,
    },
    history::{PastSync, PersonTurns, SyncStats, history, stats},
    loss::{Loss, free, relief_over, relieved, with_swap_over},
    night::{AtNight, named_with_own_clock, with_own_clock},
    no_lead::{lead_found, no_lead, no_lead_needed, offer_over},
    setup::{
        DEPARTMENTS, LINK, MINUTES, ORDER, ROUND_ROBIN, SCRIBES, WITH_SCRIBE, WORDS, changed_options,
        clocks_skip, departments_in_order, fields, first_leads, in_order, long_link, outside_hours, shown,
        turns_taken, wrong_link,
    },
    sheet::{RunSheet, asked_sheet, named_sheet, run_sheet, sheet_below, told_at_start},
    silence::{BACK_IN, asked_last, back_in, in_line_already, with_way_back},
    skipping::{
        Decides, HAS_POINTS, MEET, NO_SYNC_AHEAD, SKIP_ALL_THE_SAME, SKIP_FROM_SHEET, SKIP_SYNC, WAS_SKIPPED,
        WITH_TURN, announcement_of_skip, ask_to_skip, has_agenda_now, has_points, no_meeting, not_skipped,
        nothing_to_skip, skipped, sync_moved, too_late_to_skip, was_skipped, we_meet,
    },
    start::{
        NOT_ANNOUNCED, NOT_IN_CHANNEL, STILL_ON, TAKE_OVER, leads_already, leads_now, not_announced, over,
        start, taken, too_late,
    },
    status::{
        ComingTurns, IF_ANSWERED, NextTurn, duties, led, length, more, next, on_now, points_kept, with_order,
    },
    striking::{PUT_BACK, STRIKE_FORM, not_struck, put_back, strike_form, struck},
    unreached::{KEEP_POINT, SEVERAL, kept_on, still_wanted},
};
use crate::{
    common::programmes::messages::way_of,
    model::{message::Message, text::Markup},
    say,
};

/// What `help` says.
pub fn help(command: &str) -> Message {
    let way = |way: &str| way_of(command, way);
    Message::new(say!(
        "*Syncs are regular meetings that everyone in the channel leads in turn. I ask the next person beforehand.*\n\
         {} opens a form that sets one up; where syncs run, it shows how they stand.\n\
         {} starts them in one line, or changes their times.\n\
         {} shows who leads the next eight times, {} who led the last eight, {} each person's turns.\n\
         {} and some words put a point on the agenda of the next sync, {} shows it. *Save for…* in the menu of a message does \
         the same with its words.\n\
         {} records a decision, {} and some words find it again.\n\
         {} closes the last sync: what you reached, and notes.\n\
         {} shows the next sync and how many take turns.\n\
         {} gives you no turn at the next sync.\n\
         {} takes you out of the turns, {} brings you back.\n\
         {} leaves you out until then, {} ends that.\n\
         {} cancels the sync of that day for everyone, {} moves it.\n\
         {} stops the syncs for a while, {} brings them back.\n\
         {} ends them for the whole channel. I'll ask you first.",
        Markup::code(command),
        way(&WORDS.start()),
        way("next"),
        way("history"),
        way("stats"),
        way("add"),
        way("agenda"),
        way("decide"),
        way("decisions"),
        way("close"),
        way("status"),
        way("skip"),
        way("leave"),
        way("join"),
        way("away until Friday"),
        way("back"),
        way("cancel Tuesday"),
        way("move Tuesday to Wednesday"),
        way("pause"),
        way("resume"),
        way("stop")
    ))
    .with_context(say!(
        "Several can run in one channel under names: put {} at the end to start one, and the name behind the other words.",
        Markup::code("called Planning")
    ))
    .with_context("I choose the person who is furthest behind their share. Your own settings say when you're away. The lead closes a sync in a \
         short form, and what wasn't reached moves on.")
}
