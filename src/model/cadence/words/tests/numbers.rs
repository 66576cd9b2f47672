//! Numbers that can't be a time, a day or a count.

use super::refused;

#[test]
fn numbers_that_cannot_be_are_refused_with_those_that_can() {
    let typed = [
        "Fridays 13:00 pm",
        "Fridays at 13:30pm",
        "Fridays at 13 am",
        "Fridays at 0:30 am",
        "Fridays 25:00 pm",
        "on the 32nd at 10:00",
        "on the 0th at 10:00",
        "every month on 32 at 10:00",
        "the 5th and 32nd of every month at 10:00",
        "every 32nd Tuesday at 10:00",
        "every 0 weeks at 10:00",
        "every 0 weeks on Friday at 9:00",
        "every 0 months on the 5th",
        "every 14 months on the 5th",
    ];
    insta::assert_snapshot!(
        typed.map(|text| format!("{text}\n  {}", refused(text))).join("\n"),
        @r#"
        Fridays 13:00 pm
          I don't know the time "13:00 pm": 13:00 goes without "pm". For example: every Friday at 13:00
        Fridays at 13:30pm
          I don't know the time "13:30pm": 13:30 goes without "pm". For example: every Friday at 13:30
        Fridays at 13 am
          I don't know the time "13 am": 13:00 goes without "am". For example: every Friday at 13:00
        Fridays at 0:30 am
          I don't know the time "0:30 am": 00:30 goes without "am". For example: every Friday at 00:30
        Fridays 25:00 pm
          I don't know the time "25:00 pm". For example: every Friday at 10:00
        on the 32nd at 10:00
          "32nd" is no day of a month: those are 1 to 31. For example: on the last day of every month at 10:00
        on the 0th at 10:00
          "0th" is no day of a month: those are 1 to 31. For example: on the last day of every month at 10:00
        every month on 32 at 10:00
          "32" is no day of a month: those are 1 to 31. For example: on the last day of every month at 10:00
        the 5th and 32nd of every month at 10:00
          "32nd" is no day of a month: those are 1 to 31. For example: on the last day of every month at 10:00
        every 32nd Tuesday at 10:00
          I don't know "32nd". For example: every Tuesday at 10:00
        every 0 weeks at 10:00
          I can't do every 0 weeks: 1 to 26 weeks work. For example: every Tuesday at 10:00
        every 0 weeks on Friday at 9:00
          I can't do every 0 weeks: 1 to 26 weeks work. For example: every Friday at 09:00
        every 0 months on the 5th
          I can't do every 0 months: 1 to 12 months work. For example: on the 5th of every month at 10:00
        every 14 months on the 5th
          I can't do every 14 months: 1 to 12 months work. For example: every 6 months on the first Monday at 10:00
        "#
    );
}
