-- Prompts of retros that are answered by a number from 1 to 5, and what people note for the next retro.
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
