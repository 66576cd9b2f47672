-- Prompts of retros that are answered by a number from 1 to 5, what people note for the next retro, and what a retro comes to.
INSERT INTO schema_release (version, works_from) VALUES (7, 1);

-- What 1 (low) and 5 (high) mean. median and spread are in halves (7 is 3.5), and answers says of how many people; they are empty until
-- the retro has closed, and stay so if too few people have answered. No single answer is kept.
CREATE TABLE retro_scale (
    team_id   TEXT NOT NULL,
    retro_id  TEXT NOT NULL,
    place     TEXT NOT NULL,
    low       TEXT NOT NULL,
    high      TEXT NOT NULL,
    median    BIGINT,
    spread    BIGINT,
    answers   BIGINT,
    PRIMARY KEY (team_id, retro_id, place)
);

-- What a person notes for the next retro of a programme, for themselves alone, until that retro has closed. place counts a person's notes of
-- a programme, so that of two that are added at once one has to count again.
CREATE TABLE retro_note (
    team_id       TEXT   NOT NULL,
    note_id       TEXT   NOT NULL,
    programme_id  TEXT   NOT NULL,
    user_id       TEXT   NOT NULL,
    place         BIGINT NOT NULL,
    words         TEXT   NOT NULL,
    noted_at      BIGINT NOT NULL,
    PRIMARY KEY (team_id, note_id)
);
CREATE UNIQUE INDEX retro_note_of_person ON retro_note (team_id, user_id, programme_id, place);
CREATE INDEX retro_note_of_programme ON retro_note (team_id, programme_id);

-- The themes of a retro that is revealed. name is what an organiser calls it; while it's empty, its first answer is its name. rank orders the themes
-- from 1 once the retro is done, votes says how many votes it has, and came_up in how many retros of its programme it came up; they are empty
-- before, and votes stays so without a vote that counts. hands says in which hands it is (ours, others, not_ours, or empty while it isn't
-- sorted), passed_to is the channel it was passed on to, and promised how many promises were asked for from it.
CREATE TABLE retro_theme (
    team_id   TEXT   NOT NULL,
    theme_id  TEXT   NOT NULL,
    retro_id  TEXT   NOT NULL,
    name      TEXT   NOT NULL,
    rank      BIGINT,
    votes     BIGINT,
    came_up   BIGINT,
    hands     TEXT   NOT NULL,
    passed_to TEXT   NOT NULL,
    promised  BIGINT NOT NULL,
    PRIMARY KEY (team_id, theme_id)
);
CREATE INDEX retro_theme_of_retro ON retro_theme (team_id, retro_id);

-- In which theme an answer is; theme_id is empty for one that was taken out again.
CREATE TABLE retro_theme_answer (
    team_id    TEXT NOT NULL,
    answer_id  TEXT NOT NULL,
    retro_id   TEXT NOT NULL,
    theme_id   TEXT NOT NULL,
    PRIMARY KEY (team_id, answer_id)
);
CREATE INDEX retro_theme_answer_of_retro ON retro_theme_answer (team_id, retro_id);

-- The votes of each person while a vote runs: theme_id for each vote, with spaces between. The rows are deleted when the vote ends.
CREATE TABLE retro_ballot (
    team_id   TEXT NOT NULL,
    retro_id  TEXT NOT NULL,
    user_id   TEXT NOT NULL,
    themes    TEXT NOT NULL,
    PRIMARY KEY (team_id, retro_id, user_id)
);
CREATE INDEX retro_ballot_of_person ON retro_ballot (team_id, user_id);
