//! What colleagues answer. Some answers nearly repeat others, as in real retros.

/// To "What should we start doing?"
pub const START_DOING: [&str; 15] = [
    "Show each other unfinished work",
    "Write down who decides what before a project starts",
    "Invite support to the planning",
    "Ask support before we change a form",
    "A short demo at the end of each sprint",
    "Short demos at the end of each sprint",
    "Tell sales about delays the day we know of them",
    "Pair people from two departments on one ticket a month",
    "Say no earlier",
    "Keep Wednesday mornings free of meetings",
    "A free morning without meetings",
    "Send the agenda the day before",
    "Let the people who do the work estimate it",
    "Look at one customer call together each month",
    "Try the product ourselves before a release\nNote what confused us",
];

/// To "What should we stop doing, even if it once made sense?"
pub const STOP_DOING: [&str; 14] = [
    "The Thursday status meeting",
    "Status meetings on Thursday",
    "Copying ten people into every mail",
    "Promising dates without asking the team",
    "Dates that are promised without the team",
    "Deciding in private messages",
    "Filling in the same numbers in two sheets",
    "Two sheets with the same numbers",
    "Starting new things while three are half done",
    "Calling everything urgent",
    "Reviews that wait for one person",
    "Releases on Friday afternoon",
    "Long threads where a call would do",
    "Asking for feedback when it's too late to change anything",
];

/// To "What went well and should go on? You can name the people who made it work."
pub const GO_ON: [&str; 13] = [
    "The handover between support and engineering, thanks to Ben and Dev",
    "Chiara's notes: I never have to ask what was agreed",
    "The new staging environment",
    "Design and engineering sat together for the settings page",
    "The welcome guide answered every question of my first month",
    "Fewer handovers at night",
    "The customer visit. Let's do one each quarter",
    "Grace kept the discussion calm when it got hot",
    "Pages before we build: far fewer surprises",
    "Coffee chats with people I'd never have met",
    "The outage review blamed no one",
    "Sales shares the pipeline with all of us now",
    "Elif said early that the date was at risk",
];
