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

/// Reactions to messages.
pub const ON_TALK: [&str; 7] = ["+1", "smile", "heart", "raised_hands", "joy", "sunny", "seedling"];
/// Reactions to a visitor's message; they fit nearly all.
pub const ON_WORDS: [&str; 5] = ["+1", "raised_hands", "smile", "heart", "sparkles"];
/// Reactions to a visitor's question.
pub const ON_QUESTION: [&str; 3] = ["eyes", "thinking_face", "bulb"];
/// The reaction to a greeting.
pub const WAVE: &str = "wave";
