//! All of Slack's limits in one place, and the windows that count calls.

use std::collections::{HashMap, VecDeque};

/// Blocks in one message.
pub(crate) const BLOCKS_IN_MESSAGE: usize = 50;
/// Blocks in one view.
pub(crate) const BLOCKS_IN_VIEW: usize = 100;
/// Characters in a section's text.
pub(crate) const SECTION_TEXT: usize = 3_000;
/// Fields in a section.
pub(crate) const SECTION_FIELDS: usize = 10;
/// Characters in one field.
pub(crate) const FIELD_TEXT: usize = 2_000;
/// Characters in a header.
pub(crate) const HEADER_TEXT: usize = 150;
/// Elements in a context block.
pub(crate) const CONTEXT_ELEMENTS: usize = 10;
/// Elements in an actions block.
pub(crate) const ACTIONS_ELEMENTS: usize = 25;
/// Characters on a button.
pub(crate) const BUTTON_TEXT: usize = 75;
/// Characters in a button's value.
pub(crate) const BUTTON_VALUE: usize = 2_000;
/// Characters in a link on a button.
pub(crate) const URL: usize = 3_000;
/// Options in a select menu.
pub(crate) const SELECT_OPTIONS: usize = 100;
/// Options in an overflow menu.
pub(crate) const OVERFLOW_OPTIONS: usize = 5;
/// Options in a set of checkboxes or radio buttons.
pub(crate) const CHECK_OPTIONS: usize = 10;
/// Characters in an option's text.
pub(crate) const OPTION_TEXT: usize = 75;
/// Characters in an option's value.
pub(crate) const OPTION_VALUE: usize = 150;
/// Characters in a placeholder.
pub(crate) const PLACEHOLDER: usize = 150;
/// Characters in the title, the text and the buttons of a confirmation.
pub(crate) const CONFIRM: (usize, usize, usize) = (100, 300, 30);
/// Characters in a picture's description.
pub(crate) const ALT_TEXT: usize = 2_000;
/// Characters in a `block_id`, an `action_id` and a `callback_id`.
pub(crate) const ID: usize = 255;
/// Characters in an input's label and hint.
pub(crate) const LABEL: usize = 2_000;
/// Characters in a modal's title and buttons.
pub(crate) const MODAL_TITLE: usize = 24;
/// Characters in a view's `private_metadata`.
pub(crate) const PRIVATE_METADATA: usize = 3_000;
/// Bytes in a whole view.
pub(crate) const VIEW_BYTES: usize = 250_000;
/// Views in one stack.
pub(crate) const VIEW_STACK: usize = 3;
/// Characters after which a posted text is cut.
pub(crate) const TEXT_CUT: usize = 40_000;
/// Characters `chat.update` takes.
pub(crate) const TEXT_UPDATE: usize = 4_000;
/// Characters in a plain text input.
pub(crate) const INPUT_TEXT: usize = 3_000;
/// Characters in all Markdown blocks of a message.
pub(crate) const MARKDOWN_TEXT: usize = 12_000;
/// Characters in a video's title and description.
pub(crate) const VIDEO_TEXT: usize = 200;
/// Characters in the name of a video's author.
pub(crate) const VIDEO_AUTHOR: usize = 50;
/// Rows of a table.
pub(crate) const TABLE_ROWS: usize = 100;
/// Cells in a row of a table.
pub(crate) const TABLE_CELLS: usize = 20;
/// Rows of a table of data, the header among them.
pub(crate) const DATA_TABLE_ROWS: usize = 201;
/// Rows on one page of a table of data.
pub(crate) const DATA_TABLE_PAGE: usize = 100;
/// Characters in all tables of data of a message.
pub(crate) const DATA_TABLE_TEXT: usize = 20_000;
/// Charts of one message.
pub(crate) const CHARTS: usize = 2;
/// Characters in a chart's title, and in the names of its axes.
pub(crate) const CHART_TITLE: usize = 50;
/// Characters in a chart's labels.
pub(crate) const CHART_LABEL: usize = 20;
/// Series of a chart, and segments of a pie.
pub(crate) const CHART_SERIES: usize = 6;
/// Categories of a chart.
pub(crate) const CHART_CATEGORIES: usize = 20;
/// Characters of an alert.
pub(crate) const ALERT_TEXT: usize = 200;
/// Characters in the title and the subtitle of a card or a container.
pub(crate) const CARD_TITLE: usize = 150;
/// Characters in the body of a card.
pub(crate) const CARD_BODY: usize = 200;
/// Cards of a carousel.
pub(crate) const CAROUSEL_CARDS: usize = 10;
/// Blocks in a container.
pub(crate) const CONTAINER_BLOCKS: usize = 10;
/// Tasks of a plan.
pub(crate) const PLAN_TASKS: usize = 50;
/// Elements below an app's answer.
pub(crate) const CONTEXT_ACTIONS: usize = 5;
/// Seconds since 1970 that a date and time picker takes: those with ten digits.
pub(crate) const MOMENTS: std::ops::RangeInclusive<u64> = 1_000_000_000..=9_999_999_999;
/// Attachments of one message.
pub(crate) const ATTACHMENTS: usize = 100;
/// Rows on one page of a list.
pub(crate) const PAGE_ROWS: usize = 1_000;
/// Characters in a channel's name.
pub(crate) const CHANNEL_NAME: usize = 80;
/// Characters in a conversation's topic.
pub(crate) const TOPIC: usize = 250;
/// Different emoji that one person may put on a message.
pub(crate) const EMOJI_OF_ONE: usize = 23;
/// Different emoji on one message.
pub(crate) const EMOJI_OF_ALL: usize = 50;
/// People beside the bot in a group message.
pub(crate) const GROUP_PEOPLE: usize = 8;
/// Sockets an app may hold.
pub(crate) const SOCKETS: usize = 10;
/// Slash commands an app may register here.
pub(crate) const COMMANDS: usize = 50;
/// Bytes in a request or an answer.
pub(crate) const BODY_BYTES: usize = 1024 * 1024;
/// Bytes of a message's metadata.
pub(crate) const METADATA_BYTES: usize = 16 * 1024;
/// How long an app has to answer.
pub(crate) const ANSWER_MS: i64 = 3_000;
/// How long a `trigger_id` opens a view.
pub(crate) const TRIGGER_MS: i64 = 3_000;
/// How often, and for how many milliseconds, a `response_url` can be used.
pub(crate) const RESPONSE_URL: (u32, i64) = (5, 30 * 60 * 1_000);
/// How long a socket's address can be dialled.
pub(crate) const TICKET_MS: i64 = 30_000;
/// Milliseconds from a failure to the next attempt of an event.
pub(crate) const RETRY_AFTER_MS: [i64; 3] = [0, 60_000, 300_000];
/// Calls and deliveries that are kept for inspection.
pub(crate) const LOG_ROWS: usize = 20_000;

/// How many calls of one method Slack takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tier {
    /// This many calls a minute.
    PerMinute(usize),
    /// One post a second in each channel, with a small burst, and a limit a minute in the workspace.
    Posting {
        /// Posts that a channel takes at once.
        burst: usize,
        /// Posts a minute in the whole workspace.
        workspace: usize,
    },
    /// Slack names no number that matters here.
    Special,
}

/// About 20 a minute.
pub(crate) const TIER_2: Tier = Tier::PerMinute(20);
/// About 50 a minute.
pub(crate) const TIER_3: Tier = Tier::PerMinute(50);
/// About 100 a minute.
pub(crate) const TIER_4: Tier = Tier::PerMinute(100);
/// `chat.postMessage` has its own rules.
pub(crate) const POSTING: Tier = Tier::Posting { burst: 4, workspace: 300 };

/// Counts calls in sliding windows on the sandbox's clock.
#[derive(Debug, Default)]
pub(crate) struct Windows {
    calls: HashMap<String, VecDeque<i64>>,
}

impl Windows {
    /// Counts one call, or returns after how many seconds to try again.
    pub(crate) fn take(
        &mut self,
        tier: Tier,
        app: &str,
        method: &str,
        channel: &str,
        now_ms: i64,
    ) -> Result<(), i64> {
        match tier {
            Tier::Special => Ok(()),
            Tier::PerMinute(calls) => self.count(&[(format!("{app} {method}"), calls, 60_000)], now_ms),
            Tier::Posting { burst, workspace } => {
                let burst_ms = i64::try_from(burst).unwrap_or(1) * 1_000;
                let rules = [
                    (format!("{app} {method} {channel}"), burst, burst_ms),
                    (format!("{app} {method}"), workspace, 60_000),
                ];
                self.count(&rules, now_ms)
            }
        }
    }

    fn count(&mut self, rules: &[(String, usize, i64)], now_ms: i64) -> Result<(), i64> {
        for (key, calls, window_ms) in rules {
            let seen = self.calls.entry(key.clone()).or_default();
            // A call in the future is from before the clock was set back.
            seen.retain(|at| *at > now_ms - window_ms && *at <= now_ms);
            if seen.len() >= *calls {
                let wait_ms = seen.front().map_or(0, |first| first + window_ms - now_ms);
                return Err((wait_ms + 999).div_euclid(1_000).max(1));
            }
        }
        for (key, ..) in rules {
            self.calls.entry(key.clone()).or_default().push_back(now_ms);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_takes_twenty_calls() {
        let mut windows = Windows::default();
        for at in 0..20 {
            assert_eq!(windows.take(TIER_2, "A", "users.list", "", at * 1_000), Ok(()));
        }
        assert_eq!(windows.take(TIER_2, "A", "users.list", "", 20_000), Err(40));
        assert_eq!(windows.take(TIER_2, "A", "users.list", "", 60_000), Ok(()));
    }

    #[test]
    fn posts_are_limited_per_channel() {
        let mut windows = Windows::default();
        for _ in 0..4 {
            assert_eq!(windows.take(POSTING, "A", "chat.postMessage", "C1", 0), Ok(()));
        }
        assert!(windows.take(POSTING, "A", "chat.postMessage", "C1", 0).is_err());
        assert_eq!(windows.take(POSTING, "A", "chat.postMessage", "C2", 0), Ok(()));
    }
}
