//! What somebody wants who types the command.

/// What somebody wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// To know what there is.
    Help,
    /// Chats in this channel, at these times: what was typed.
    Start(String),
    /// No more chats in this channel.
    Stop,
    /// To know how it stands.
    Status,
    /// To take part.
    Join,
    /// Not to take part any more.
    Leave,
    /// To sit out one round.
    Skip,
}

/// Reads what was typed behind the command. What begins with none of the known words is taken for times, since "every
/// Tuesday at 10:00" says all that is needed.
pub fn parse(text: &str) -> Wish {
    let text = text.trim();
    let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    match first.to_lowercase().as_str() {
        "" | "help" | "?" => Wish::Help,
        "start" | "begin" | "move" => Wish::Start(rest.trim().to_owned()),
        "stop" | "end" => Wish::Stop,
        "status" | "list" => Wish::Status,
        "join" => Wish::Join,
        "leave" => Wish::Leave,
        "skip" | "snooze" => Wish::Skip,
        _ => Wish::Start(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_to_write_it_is_understood() {
        assert_eq!(parse(""), Wish::Help);
        assert_eq!(parse("  HELP me"), Wish::Help);
        assert_eq!(parse("start every Tuesday at 10:00"), Wish::Start("every Tuesday at 10:00".to_owned()));
        assert_eq!(parse("Start"), Wish::Start(String::new()));
        assert_eq!(parse("stop"), Wish::Stop);
        assert_eq!(parse("status please"), Wish::Status);
        assert_eq!(parse("join"), Wish::Join);
        assert_eq!(parse("leave"), Wish::Leave);
        assert_eq!(parse("skip"), Wish::Skip);
    }

    #[test]
    fn what_begins_with_no_known_word_is_taken_for_times() {
        assert_eq!(parse("every  Tuesday"), Wish::Start("every  Tuesday".to_owned()));
        assert_eq!(parse("0 10 * * 2"), Wish::Start("0 10 * * 2".to_owned()));
        assert_eq!(parse("pause"), Wish::Start("pause".to_owned()));
    }
}
