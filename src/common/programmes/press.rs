//! The buttons that every ritual with programmes has.

use chrono::NaiveDate;

/// A button of a programme's messages, behind the ritual's name and a colon. Unless another value is given, its value is the
/// id of the programme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Press {
    /// Starts a programme; its value holds the times and the name.
    Start,
    /// Moves a programme to other times; its value holds the times, the name and the version that the question was about.
    Move,
    /// Closes a question and changes nothing.
    NotNow,
    /// Asks whether to stop the programme.
    Stop,
    /// Stops it; its value is the programme and the instant of its start.
    StopNow,
    /// Makes another person the organiser; its value is the programme, the instant of its start, and the person.
    HandOver,
    /// Shows the programme's state.
    Status,
    /// Opens the form for a further programme.
    SetUp,
    /// Opens the form with the programme in it.
    Change,
    /// Pauses the programme.
    Pause,
    /// Resumes it.
    Resume,
    /// Brings a person back in.
    Join,
    /// Takes a person out.
    Leave,
    /// Leaves a person out of an occasion; its value is the programme and, under a message about one occasion, its local date.
    Skip,
}

impl Press {
    const ALL: [(Press, &'static str); 14] = [
        (Press::Start, "start"),
        (Press::Move, "move"),
        (Press::NotNow, "not_now"),
        (Press::Stop, "stop"),
        (Press::StopNow, "stop_now"),
        (Press::HandOver, "hand_over"),
        (Press::Status, "status"),
        (Press::SetUp, "set_up"),
        (Press::Change, "change"),
        (Press::Pause, "pause"),
        (Press::Resume, "resume"),
        (Press::Join, "join"),
        (Press::Leave, "leave"),
        (Press::Skip, "skip"),
    ];

    /// The button that an action names, if every ritual has it.
    pub fn of(action: &str) -> Option<Press> {
        let (_, word) = action.split_once(':')?;
        Press::ALL.into_iter().find(|(_, known)| *known == word).map(|(press, _)| press)
    }

    /// Its action, for a ritual.
    pub fn action(self, ritual: &str) -> String {
        let word = Press::ALL.into_iter().find(|(press, _)| *press == self).map_or("", |(_, word)| word);
        format!("{ritual}:{word}")
    }
}

/// The value of a button about one occasion of a programme.
pub fn value_on(programme: &str, date: NaiveDate) -> String {
    format!("{programme} {date}")
}

/// The date in such a value, if there is one.
pub fn date_of(value: &str) -> Option<NaiveDate> {
    value.split_once(' ')?.1.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_holds_its_date() {
        let date = NaiveDate::from_ymd_opt(2026, 1, 6).unwrap();
        assert_eq!(date_of(&value_on("0198", date)), Some(date));
        for other in ["0198", "0198 soon", ""] {
            assert_eq!(date_of(other), None, "{other}");
        }
    }

    #[test]
    fn each_button_is_found_by_its_action() {
        for (press, _) in Press::ALL {
            assert_eq!(Press::of(&press.action("coffee")), Some(press));
        }
        for other in ["start", "coffee:met", "coffee:start:now", "coffee:", ""] {
            assert_eq!(Press::of(other), None, "{other}");
        }
    }
}
