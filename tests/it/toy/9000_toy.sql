-- Notes of the toy ritual. A real one takes the next number.
CREATE TABLE toy_note (
    team_id     TEXT   NOT NULL,
    note_id     TEXT   NOT NULL,
    author      TEXT   NOT NULL,
    channel_id  TEXT   NOT NULL,
    words       TEXT   NOT NULL,
    noted_at    BIGINT NOT NULL,
    done_at     BIGINT,
    PRIMARY KEY (team_id, note_id)
);
CREATE INDEX toy_note_of_person ON toy_note (team_id, author);

-- A release that knows the first migration works with this one.
INSERT INTO schema_release (version, works_from) VALUES (9000, 1);
