-- Promises: what a person has taken on, with a date.
INSERT INTO schema_release (version, works_from) VALUES (4, 1);

-- What asker_id asks for (the owner, where it is their own idea), and where it comes from. author_id wrote the words (empty: the
-- asker, or an app). channel_id is
-- empty for a promise of no channel, programme_id and occasion (a local date) are empty for a promise of no programme. link is
-- the address of the message that the words are from. A promise whose words are empty is forgotten, and only counted.
CREATE TABLE promise (
    team_id       TEXT   NOT NULL,
    promise_id    TEXT   NOT NULL,
    asker_id      TEXT   NOT NULL,
    author_id     TEXT   NOT NULL,
    words         TEXT   NOT NULL,
    link          TEXT   NOT NULL,
    channel_id    TEXT   NOT NULL,
    programme_id  TEXT   NOT NULL,
    occasion      TEXT   NOT NULL,
    asked_at      BIGINT NOT NULL,
    PRIMARY KEY (team_id, promise_id)
);
CREATE INDEX promise_of_asker ON promise (team_id, asker_id);
CREATE INDEX promise_of_author ON promise (team_id, author_id) WHERE author_id <> '';
CREATE INDEX promise_of_channel ON promise (team_id, channel_id);
CREATE INDEX promise_of_programme ON promise (team_id, programme_id);

-- Whose it is and how it stands (state): asked of the owner, open since they promised it, kept, dropped, taken back by the asker
-- (withdrawn), returned because the owner is gone, or lapsed because they haven't answered. due_on is a local date of the owner's,
-- empty while none is named, and due_minute a minute of that day. moves counts how often a promised date was moved, and first_due is
-- the date before the first move (empty without one). reason is the owner's, for what they dropped. version counts the changes, so
-- that of two at once one counts. nudged_at is when the owner was asked a second time, promised_at when it was first promised,
-- remind_at when a reminder of this version is planned, reminded_at when the owner was reminded of this date, and helped_at when
-- they last asked others for help; unheard_at is when it changed without its asker hearing so, whose account was off. card_version is the version that the newest message in the owner's DM was sent for, asked_version
-- that of the last question, and
-- reminder_id the message that reminds of this and of other promises (empty where it is about one), in which it has the place reminder_row. refused_by is the last person who
-- was asked before the owner and couldn't, with their words in refusal, and listed counts on how many days it came up at an occasion
-- since its date was named, the last of which is listed_on.
CREATE TABLE promise_owner (
    team_id       TEXT   NOT NULL,
    promise_id    TEXT   NOT NULL,
    owner_id      TEXT   NOT NULL,
    state         TEXT   NOT NULL,
    due_on        TEXT   NOT NULL,
    due_minute    BIGINT,
    reason        TEXT   NOT NULL,
    version       BIGINT NOT NULL,
    card_version  BIGINT NOT NULL,
    asked_version BIGINT NOT NULL,
    moves         BIGINT NOT NULL,
    first_due     TEXT   NOT NULL,
    reminder_id   TEXT   NOT NULL,
    reminder_row  BIGINT NOT NULL,
    refused_by    TEXT   NOT NULL,
    refusal       TEXT   NOT NULL,
    listed        BIGINT NOT NULL,
    listed_on     TEXT   NOT NULL,
    nudged_at     BIGINT,
    promised_at   BIGINT,
    remind_at     BIGINT,
    reminded_at   BIGINT,
    helped_at     BIGINT,
    settled_at    BIGINT,
    unheard_at    BIGINT,
    PRIMARY KEY (team_id, promise_id)
);
CREATE INDEX promise_owner_of_reminder ON promise_owner (team_id, reminder_id) WHERE reminder_id <> '';

-- A message that reminds owner_id of several promises. drawn counts how often the message was drawn anew: it is drawn as often as it
-- was read, so that an older state never takes the place of a newer one.
CREATE TABLE promise_reminder (
    team_id       TEXT   NOT NULL,
    reminder_id   TEXT   NOT NULL,
    owner_id      TEXT   NOT NULL,
    drawn         BIGINT NOT NULL,
    PRIMARY KEY (team_id, reminder_id)
);
CREATE INDEX promise_reminder_of_owner ON promise_reminder (team_id, owner_id);

-- Whom an owner (asked_by) asked for help with a promise, when they last did, and what they said would help: a person, or the channel
-- (helper_id is empty).
CREATE TABLE promise_call (
    team_id       TEXT   NOT NULL,
    promise_id    TEXT   NOT NULL,
    helper_id     TEXT   NOT NULL,
    called_at     BIGINT NOT NULL,
    asked_by      TEXT   NOT NULL,
    words         TEXT   NOT NULL,
    PRIMARY KEY (team_id, promise_id, helper_id)
);
CREATE INDEX promise_call_of_helper ON promise_call (team_id, helper_id) WHERE helper_id <> '';
CREATE INDEX promise_call_of_owner ON promise_call (team_id, asked_by);

-- How much a person asks for: requests of others on day, a local date of theirs. A person's row is locked while it is counted how
-- many promises they have open.
CREATE TABLE promise_person (
    team_id       TEXT   NOT NULL,
    user_id       TEXT   NOT NULL,
    day           TEXT   NOT NULL,
    requests      BIGINT NOT NULL,
    PRIMARY KEY (team_id, user_id)
);

-- What was recorded a short time ago, so that the same promise (fingerprint: its words and its date) isn't recorded twice.
CREATE TABLE promise_recent (
    team_id       TEXT   NOT NULL,
    fingerprint   TEXT   NOT NULL,
    owner_id      TEXT   NOT NULL,
    asker_id      TEXT   NOT NULL,
    promise_id    TEXT   NOT NULL,
    made_at       BIGINT NOT NULL,
    PRIMARY KEY (team_id, fingerprint)
);
CREATE INDEX promise_recent_of_promise ON promise_recent (team_id, promise_id);

CREATE INDEX promise_owner_of_person ON promise_owner (team_id, owner_id, state);
