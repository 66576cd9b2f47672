//! The colleagues' words and emoji.

/// Small talk: the channel and the text. `department` is the channel of the colleague's department.
pub const TALK: [(&str, &str); 40] = [
    ("general", "There is cake in the kitchen on the second floor. It will not be there for long."),
    ("department", "Quick one: shall we keep the stand-up at fifteen minutes? I liked it."),
    ("general", "The coffee machine is mended. It even says hello now."),
    ("department", "I have written down how we do releases, in one page. Please poke holes in it."),
    ("coffee-chats", "Best question of mine so far: when you were ten, what did you want to be?"),
    ("general", "Who has a good book for a long train ride? I will report back."),
    ("department", "Focus time until noon for me. If something burns, call."),
    ("general", "Somebody left a very nice green umbrella by the door."),
    ("department", "The notes of yesterday's call are up. Short version: they are happy."),
    ("general", "Thank you all for the birthday song. I had no idea that so many of you can sing."),
    ("general", "Small win: inbox at zero. I am framing it."),
    ("department", "Has somebody half an hour to look at something with me? No hurry, this week is fine."),
    ("coffee-chats", "My last coffee chat ended in a recipe for lentil soup. Recommended, both."),
    ("general", "The new chairs have come. The blue one squeaks; it is mine, I like it."),
    ("department", "I tried the thing that we talked about. It works, and it is simpler than we feared."),
    ("general", "Lunch walk at half past twelve, twenty minutes, slow pace. Everybody is welcome."),
    ("department", "Can we retire the old dashboard? Last visit: me, by mistake."),
    ("general", "A customer wrote a thank-you card. On paper! It hangs beside the door."),
    ("department", "Heads-up: I am off tomorrow afternoon. All that matters is in the notes."),
    ("coffee-chats", "I have met somebody from a team that I did not know exists. Go and ask what they do!"),
    ("general", "The plant at the window has a flower. Nobody knows why. We are proud."),
    ("department", "I have a draft that needs an honest reader. Ten minutes, and I mean honest."),
    ("general", "First rain for weeks here, and everybody is at the window."),
    ("department", "That bug from last month? Found it. It was a missing zero."),
    ("general", "I am learning to juggle, two balls so far. Advice is welcome."),
    ("department", "Let us end ten minutes early today. All decided, nothing left to say."),
    ("coffee-chats", "Tip: walk while you talk. We ended up with steps and an idea."),
    ("general", "Found: one key, number 12. It is with me."),
    ("department", "The survey is in. The kindest answer: please change nothing."),
    ("general", "The window of the small meeting room opens again. Breathe!"),
    ("department", "I have closed 14 old tickets. Eleven of them had solved themselves."),
    ("general", "New photos of the summer party are up. Yes, the one with the dog, too."),
    ("department", "Could somebody show me the shortcut again? I promise to write it down this time."),
    ("general", "Good news: the lift works. Bad news: so did the stairs, for my legs."),
    ("coffee-chats", "Half an hour was over in five minutes today. Thank you, you know who you are."),
    ("department", "I have moved our planning by an hour, so that everybody's children are at school."),
    ("general", "If you have ever wondered: the milk in the door is for everybody."),
    ("department", "Today's lesson: read the whole error message. Even the second line."),
    ("general", "A friend of mine is looking for a flat near here. Hints are welcome."),
    ("department", "All green this morning. I just wanted to say it out loud."),
];
/// Remarks at work.
pub const IN_PASSING: [&str; 6] = [
    "Tea is ready in the kitchen, for whoever would like some.",
    "Five minutes until my next call. Which song should I listen to?",
    "I have just tidied my desk and found three pens of somebody's. They are by the printer.",
    "Back from a walk. The air is lovely, go and try it.",
    "Done with the hard part of the day. Now the nice part.",
    "There are two slices of apple cake left, and I cannot be trusted with them.",
];
/// Remarks outside working hours.
pub const OUT_OF_HOURS: [&str; 8] = [
    "Just passing by for the photos of the summer party. They are lovely!",
    "Not working, only looking for the name of that book. Thank you, whoever wrote it down.",
    "Quiet here. I like it. See you all soon.",
    "I have watered the plants on my way. They say hello.",
    "A thought for our next lunch walk: the river, with ice cream.",
    "I have baked too much. There will be a box in the kitchen.",
    "Only here for a minute: does anybody have the recipe for that lentil soup?",
    "Long walk today, and the best idea of the week at its end. I will tell you at work.",
];
/// Openings between introduced people: `{name}` is the other person, `{when}` a day and a time.
pub const GREETINGS: [&str; 10] = [
    "Hi {name}! {when}?",
    "Hello {name}, nice to be put together. How about {when}?",
    "Oh, lovely, we hardly ever talk! {when}, with something warm to drink?",
    "Hi {name}! I could do {when}. Does that suit you?",
    "Good to see you here, {name}. {when}, half an hour?",
    "Hello {name}! Shall we say {when}? I like the question.",
    "{name}! I hoped for this one. {when}?",
    "Hi {name}, a walk and a call? I am free {when}.",
    "Hello {name}! My calendar says {when}. What does yours say?",
    "Hi {name}, I have my tea ready. Well, {when} I will have. Would that do?",
];
/// Agreement to that.
pub const AGREED: [&str; 10] = [
    "Perfect, see you then.",
    "Works for me. It is in my calendar.",
    "Yes! And I have an answer to that question already.",
    "Lovely, looking forward to it.",
    "That suits me well. I will send the link.",
    "Gladly. Fair warning: I have many questions about your work.",
    "Yes please. I will bring biscuits, if only for myself.",
    "Good for me! It has been too long.",
    "Very nice. I will be the one with the big cup.",
    "Done, it is a date for coffee.",
];
/// Answers to a visitor in a group conversation.
pub const IN_GROUP: [&str; 5] = [
    "Lovely, I will send an invitation. Move it as you like!",
    "Thank you! I look forward to it.",
    "Good. If something comes up, just say a word; any day works for me.",
    "Great. I am curious what you will say to that question.",
    "Wonderful. Until then!",
];
/// Answers to a visitor in a direct message, in this order.
pub const IN_DIRECT: [&str; 3] = [
    "Hi {name}! I am one of the simulated colleagues here, so I do not say much, but it is good to hear from you.",
    "Noted, thank you!",
    "I will think about it over the next coffee.",
];
/// Answers to a visitor's mention.
pub const MENTIONED: [&str; 4] = [
    "Thanks for thinking of me, {name}. I will have a look.",
    "Here I am! Give me a moment, {name}.",
    "Good that you ask, {name}. I will come back to you.",
    "With pleasure, {name}.",
];
/// Answers to a visitor's greeting.
pub const HELLO: [&str; 4] =
    ["Hello {name}!", "Good to see you, {name}.", "Hi {name}, how nice that you are here.", "Hey {name}!"];
/// Thanks for a visitor's kudos.
pub const THANKS: [&str; 6] = [
    "Thank you, {name}, that made my day.",
    "That is kind of you, {name}. Any time!",
    "Thanks, {name}! It was fun, too.",
    "Gladly, {name}. Thank you for noticing.",
    "Oh! Thank you, {name}.",
    "I am keeping this one. Thank you, {name}!",
];
/// Answers to a visitor who starts coffee chats.
pub const COUNT_ME_IN: [&str; 4] = [
    "Count me in!",
    "Lovely idea, {name}.",
    "I was hoping that somebody would start this.",
    "Oh yes. Thank you, {name}!",
];

/// Reactions to kudos for others.
pub const ON_KUDOS: [&str; 8] =
    ["tada", "clap", "heart", "raised_hands", "star", "sparkles", "muscle", "100"];
/// Reactions to kudos for oneself.
pub const ON_THANKS: [&str; 5] = ["heart", "pray", "blue_heart", "green_heart", "smile"];
/// Reactions to messages.
pub const ON_TALK: [&str; 7] = ["+1", "smile", "heart", "raised_hands", "joy", "sunny", "seedling"];
/// Reactions to a visitor's message; they fit nearly all.
pub const ON_WORDS: [&str; 5] = ["+1", "raised_hands", "smile", "heart", "sparkles"];
/// Reactions to a visitor's question.
pub const ON_QUESTION: [&str; 3] = ["eyes", "thinking_face", "bulb"];
/// Reactions to the start of coffee chats.
pub const ON_COFFEE: [&str; 5] = ["coffee", "tada", "raised_hands", "heart", "cookie"];
/// The reaction to a greeting.
pub const WAVE: &str = "wave";

/// Puts a name and a time into a text.
pub fn filled(text: &str, name: &str, when: &str) -> String {
    let mut filled = text.replace("{name}", name).replace("{when}", when);
    // A text may begin with what was put in.
    if let Some(first) = filled.get(..1).map(str::to_uppercase) {
        filled.replace_range(..1, &first);
    }
    filled
}
