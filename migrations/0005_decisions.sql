-- Decisions of channels, a row for each version. What a version says is never edited: superseding a decision writes the next one, and
-- of two people who do so at once one does. That a person looked at it again is noted on the version.
INSERT INTO schema_release (version, works_from) VALUES (5, 1);

-- change is how the version came about: decided, or superseded (it says something else than the version before). decided_by is a list of people with commas between, empty where no one is named. decided_on is the local date
-- on which what it says was decided, and decided_at that instant; recorded_at is when this version was written. review_on is the
-- local date from which the next sync looks at it again, empty without one. reviewed_by is who last said that it still stands, and
-- reviewed_at when (empty before that); superseded_at is when the next version was written. listed_on
-- is the local date of the last sync whose thread shows it with buttons, empty before that. link is the address of the message that
-- it was saved from. posted_channel and posted_ts are where its message is, empty until it was sent.
CREATE TABLE decision (
    team_id          TEXT   NOT NULL,
    decision_id      TEXT   NOT NULL,
    version          BIGINT NOT NULL,
    programme_id     TEXT   NOT NULL,
    channel_id       TEXT   NOT NULL,
    change           TEXT   NOT NULL,
    what             TEXT   NOT NULL,
    why              TEXT   NOT NULL,
    turned_down      TEXT   NOT NULL,
    decided_by       TEXT   NOT NULL,
    review_on        TEXT   NOT NULL,
    reviewed_by      TEXT   NOT NULL,
    reviewed_at      BIGINT,
    superseded_at    BIGINT,
    listed_on        TEXT   NOT NULL,
    link             TEXT   NOT NULL,
    recorded_by      TEXT   NOT NULL,
    decided_on       TEXT   NOT NULL,
    decided_at       BIGINT NOT NULL,
    recorded_at      BIGINT NOT NULL,
    posted_channel   TEXT   NOT NULL,
    posted_ts        TEXT   NOT NULL,
    PRIMARY KEY (team_id, decision_id, version)
);
CREATE INDEX decision_to_review ON decision (team_id, channel_id, review_on) WHERE review_on <> '';

-- What is searched: for each decision its newest version. words are those of its texts and of its people's names, in small letters
-- without accents, each once. A search for a rare word looks through all of them, so the index has them; what would be too long for it
-- is in more, and is_long is then 1.
CREATE TABLE decision_words (
    team_id          TEXT   NOT NULL,
    decision_id      TEXT   NOT NULL,
    version          BIGINT NOT NULL,
    channel_id       TEXT   NOT NULL,
    decided_at       BIGINT NOT NULL,
    words            TEXT   NOT NULL,
    more             TEXT   NOT NULL,
    is_long          BIGINT NOT NULL,
    PRIMARY KEY (team_id, decision_id)
);
CREATE INDEX decision_words_of_channel ON decision_words
    (team_id, channel_id, decided_at, decision_id, is_long, words);

-- What a person recorded a short time ago, so that the same decision (fingerprint: its channel and its words) isn't recorded twice. A row is
-- deleted when its person records another decision later.
CREATE TABLE decision_recent (
    team_id          TEXT   NOT NULL,
    recorded_by      TEXT   NOT NULL,
    fingerprint      TEXT   NOT NULL,
    recorded_at      BIGINT NOT NULL,
    PRIMARY KEY (team_id, recorded_by, fingerprint)
);
