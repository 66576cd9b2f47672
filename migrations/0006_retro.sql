-- Retros: what was asked of whom, and what was answered. Anonymous answers carry nothing that tells whose they are.
INSERT INTO schema_release (version, works_from) VALUES (6, 1);

-- A retro of a programme (state): open while people answer, closed once no answer is taken any more, checked by an organiser, revealed,
-- done, or cancelled with its programme. sorted_at is when what was answered was sorted after the close. local_date is the date on which it
-- opened, one a day for each programme. threshold is how many people must have answered an anonymous prompt for its answers to be kept. version counts the
-- changes of when it closes, and after the reveal those of its themes and of when its vote ends. votes is how many votes each person has in the
-- vote, which ends at vote_ends_at. ballots counts the changes of ballots while the vote runs, so that the vote ends with all of them.
-- Its answers are deleted so many days (kept_days) after closes_at; NULL keeps them.
CREATE TABLE retro (
    team_id       TEXT   NOT NULL,
    retro_id      TEXT   NOT NULL,
    programme_id  TEXT   NOT NULL,
    local_date    TEXT   NOT NULL,
    deck          TEXT   NOT NULL,
    state         TEXT   NOT NULL,
    threshold     BIGINT NOT NULL,
    asked         BIGINT NOT NULL,
    opened_at     BIGINT NOT NULL,
    closes_at     BIGINT NOT NULL,
    sorted_at     BIGINT,
    version       BIGINT NOT NULL,
    kept_days     BIGINT,
    votes         BIGINT,
    vote_ends_at  BIGINT,
    ballots       BIGINT,
    PRIMARY KEY (team_id, retro_id)
);
CREATE UNIQUE INDEX retro_once ON retro (team_id, programme_id, local_date);

-- The prompts of a retro, by their place ('1' to '9'), fixed once people are asked (answers: named, anonymous).
-- respondents is how many people have answered, counted when the retro closes.
CREATE TABLE retro_prompt (
    team_id      TEXT   NOT NULL,
    retro_id     TEXT   NOT NULL,
    place        TEXT   NOT NULL,
    words        TEXT   NOT NULL,
    answers      TEXT   NOT NULL,
    respondents  BIGINT,
    PRIMARY KEY (team_id, retro_id, place)
);

-- Who is asked in a retro. It says nothing of who answers.
CREATE TABLE retro_asked (
    team_id   TEXT NOT NULL,
    retro_id  TEXT NOT NULL,
    user_id   TEXT NOT NULL,
    PRIMARY KEY (team_id, retro_id, user_id)
);
CREATE INDEX retro_asked_of_person ON retro_asked (team_id, user_id);

-- Keys that are in no person's message yet, and spare ones that never will be. A key is random and drawn out of the pool at random; from then on only the message has it.
CREATE TABLE retro_key (
    team_id     TEXT NOT NULL,
    secret      TEXT NOT NULL,
    retro_id    TEXT NOT NULL,
    place       TEXT NOT NULL,
    PRIMARY KEY (team_id, secret)
);
CREATE INDEX retro_key_of_retro ON retro_key (team_id, retro_id, place, secret);

-- One slot for each person and anonymous prompt of a retro that is open, without the person: key_hash is the SHA-256 of a key.
-- Rows are inserted in the order of their hashes, and an answer writes all rows of its prompt anew. words are the answers, one on each
-- line, filled up with spaces so that all rows of a prompt take as many bytes. mark is random and another one once the words have changed: a form that was opened before can be told by it.
CREATE TABLE retro_slot (
    team_id       TEXT NOT NULL,
    key_hash      TEXT NOT NULL,
    retro_id      TEXT NOT NULL,
    place         TEXT NOT NULL,
    words         TEXT NOT NULL,
    mark          TEXT NOT NULL,
    PRIMARY KEY (team_id, key_hash)
);
CREATE INDEX retro_slot_of_retro ON retro_slot (team_id, retro_id);

-- What a person answers with their name while a retro is open, one answer on each line; a row for each person who is asked, empty without one.
-- words and mark are as those of a slot.
CREATE TABLE retro_named (
    team_id       TEXT NOT NULL,
    retro_id      TEXT NOT NULL,
    place         TEXT NOT NULL,
    user_id       TEXT NOT NULL,
    words         TEXT NOT NULL,
    mark          TEXT NOT NULL,
    PRIMARY KEY (team_id, retro_id, place, user_id)
);
CREATE INDEX retro_named_of_person ON retro_named (team_id, user_id);

-- The answers of a retro that has closed (state: shown, hidden). answer_id is random, rows are inserted in its order, and nothing says when an
-- answer was written. user_id is empty for an anonymous one.
CREATE TABLE retro_answer (
    team_id    TEXT NOT NULL,
    answer_id  TEXT NOT NULL,
    retro_id   TEXT NOT NULL,
    place      TEXT NOT NULL,
    user_id    TEXT NOT NULL,
    words      TEXT NOT NULL,
    state      TEXT NOT NULL,
    PRIMARY KEY (team_id, answer_id)
);
CREATE INDEX retro_answer_of_retro ON retro_answer (team_id, retro_id);
CREATE INDEX retro_answer_of_person ON retro_answer (team_id, user_id);
