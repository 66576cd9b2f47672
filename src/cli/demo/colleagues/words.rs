//! The colleagues' words and emoji.

/// Small talk: the channel and the text. `department` is the channel of the colleague's department.
pub const TALK: [(&str, &str); 84] = [
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
    ("department", "That bug from last month? Found it. It was a missing zero."),
    ("general", "I am learning to juggle, two balls so far. Advice is welcome."),
    ("department", "Let us end ten minutes early today. All decided, nothing left to say."),
    ("coffee-chats", "Tip: walk while you talk. We ended up with steps and an idea."),
    ("general", "Found: one key, number 12. It is with me."),
    ("department", "The survey is in. The kindest answer: please change nothing."),
    ("general", "The window of the small meeting room opens again. Breathe!"),
    ("department", "I have closed 14 old tickets. Eleven of them had solved themselves."),
    ("department", "Could somebody show me the shortcut again? I promise to write it down this time."),
    ("general", "Good news: the lift works. Bad news: so did the stairs, for my legs."),
    ("coffee-chats", "Half an hour was over in five minutes today. Thank you, you know who you are."),
    ("department", "I have moved our planning by an hour, so that everybody's children are at school."),
    ("general", "If you have ever wondered: the milk in the door is for everybody."),
    ("department", "Today's lesson: read the whole error message. Even the second line."),
    ("general", "A friend of mine is looking for a flat near here. Hints are welcome."),
    ("department", "All green this morning. I just wanted to say it out loud."),
    (
        "general",
        "The bakery at the corner has opened again. Go early, the rolls with seeds are gone by nine.",
    ),
    (
        "department",
        "I have put our three open questions at the top of the notes. Answers in one line are enough.",
    ),
    ("general", "Does anyone have a spare charger for an older phone? Mine stayed on the train."),
    ("department", "New rule that I try for myself this week: no meeting without an agenda. So far so calm."),
    (
        "general",
        "The water in the kitchen is back. So is the coffee. In that order of importance for the plants.",
    ),
    ("department", "Yesterday's idea looks even better this morning. I have drawn it, link in the notes."),
    ("coffee-chats", "If you don't know what to say first: ask about the best mistake. It always works."),
    ("general", "Lost property: a left glove, a chess book and a very small spoon. All at reception."),
    ("department", "Who has a minute for a second pair of eyes? Two pages, no surprises."),
    ("general", "A reminder to myself and anyone like me: the printer wants paper, not kind words."),
    ("department", "I am back from leave, 212 mails later. If yours was urgent, please ask me again."),
    ("general", "Our quiz team needs a fourth person on Thursday who knows about rivers. Or about cheese."),
    ("department", "Could we try a week without the Wednesday call? I will write the summary."),
    ("general", "The big table is free again. Thank you to those who solved the puzzle on it."),
    (
        "coffee-chats",
        "I learned today that two of us grew up in the same street. Twenty years apart, same ice rink.",
    ),
    ("department", "Done: the thing that was on my list since March. I will miss it a little."),
    ("general", "Two tickets for the concert on Saturday are looking for ears. I can't go."),
    ("department", "Small tip: search the old decisions before you start a new one. It saved me a day."),
    ("general", "The bicycle with the red basket has its light on. Battery says thank you."),
    ("department", "Draft number three is out. It is half as long as draft number two."),
    ("general", "Who else would like a short course in sign language? Grace knows a teacher."),
    ("department", "I owe you all an answer on the budget. It comes tomorrow, and it is mostly good."),
    ("general", "The lift says that it is tired. Please take the stairs until noon."),
    ("coffee-chats", "We talked about music for half an hour. I now own a harmonica."),
    ("department", "For the record: the test that we wanted to delete has just found something."),
    ("general", "There is a box of books by the door. Take one, bring one."),
    ("department", "My camera is off today, my ears are on."),
    ("general", "Thank you to the person who labelled all the cables. I found mine in ten seconds."),
    ("department", "Can we agree on one word for it? I counted four in our own texts."),
    ("general", "Today I was greeted by a delivery robot. It was more polite than me before coffee."),
    ("department", "I have moved the old plans to the archive. Nothing is gone, it is just quiet there."),
    ("coffee-chats", "Good question from my chat: what would you do with one free day a month?"),
    ("general", "The neighbours have a cat that visits. It says that it is hungry. It is not."),
    ("department", "Half of our tickets this week were one ticket. I have tied them together."),
    ("general", "My grandmother's soup won the kitchen vote. She sends her regards."),
    ("department", "If you wait for something from me, this is the moment to shout."),
    ("general", "We have a new first-aid box. May it gather dust."),
    ("department", "I read our own help page as if I were new. Notes are in the channel's canvas."),
    ("general", "The running group meets at seven tomorrow. Walking is allowed."),
    ("coffee-chats", "Ten minutes early, both of us. That was the nicest part."),
    ("department", "Decided with myself: fewer tabs, more sleep. Ask me on Friday how it went."),
    ("general", "The clock in the hallway is right again. Sorry to all who were early."),
    ("department", "The customer's photo of our product on a boat is in the notes. Look at that sea."),
    ("general", "Board games on Tuesday after work, room with the green sofa. Beginners first."),
    ("department", "One sentence from today's call that I will keep: good enough, and on time."),
    ("general", "Does anyone repair bicycles? I pay in cake."),
];
/// Small talk that fits some months only: the months, the channel and the text.
pub const SEASONAL: [(&[u32], &str, &str); 14] = [
    (&[12, 1, 2], "general", "It is snowing at the window side. Five minutes of looking are allowed."),
    (
        &[12],
        "general",
        "The biscuit exchange is open: bring a box, take a box. The kitchen smells of cinnamon.",
    ),
    (&[12, 1], "general", "The bicycle path is icy this morning. Please come late rather than sideways."),
    (&[1], "department", "A quiet first week. I have used it to throw away half of my to-do list."),
    (&[3, 4], "general", "First crocuses in front of the house. I have counted nine."),
    (&[3, 4, 5], "general", "The tables outside are back. I have held today's call under a tree."),
    (&[4, 5], "coffee-chats", "My chat today took place on a bench in the sun. Best room in the house."),
    (&[5, 6], "general", "Strawberries at the market, the good ones. I have brought two bowls."),
    (&[6, 7, 8], "general", "First rain for weeks here, and everybody is at the window."),
    (&[7, 8], "general", "Photos of the summer party are up. Yes, the one with the dog, too."),
    (&[7, 8], "department", "Half of us are at the sea. Let us decide the big things when they are back."),
    (
        &[9, 10],
        "general",
        "The apple tree behind the house is generous this year. There is a basket at reception.",
    ),
    (&[10, 11], "general", "Fog up to the third floor. From here we look like a ship."),
    (&[11], "general", "Whose lantern is that in the kitchen? It makes the whole floor friendly."),
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
    "Just passing by for the photos of the team day. They are lovely!",
    "Not working, only looking for the name of that book. Thank you, whoever wrote it down.",
    "Quiet here. I like it. See you all soon.",
    "I have watered the plants on my way. They say hello.",
    "A thought for our next lunch walk: down to the river and back.",
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
