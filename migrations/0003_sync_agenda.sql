-- The agendas of syncs, how syncs ended, and words that a person is about to save.
INSERT INTO schema_release (version, works_from) VALUES (3, 1);

-- A point for a sync (state): waiting for the next sync, taken to the sync of local_date, reached there, or struck. A point that was
-- not reached waits again, and moved counts how often it has. user_id added it, author_id wrote its words (empty: the same
-- person, or an app); link is the address of the message that it was saved from. place orders the points of a programme.
CREATE TABLE sync_point (
    team_id       TEXT   NOT NULL,
    point_id      TEXT   NOT NULL,
    programme_id  TEXT   NOT NULL,
    user_id       TEXT   NOT NULL,
    author_id     TEXT   NOT NULL,
    words         TEXT   NOT NULL,
    link          TEXT   NOT NULL,
    place         BIGINT NOT NULL,
    moved         BIGINT NOT NULL,
    state         TEXT   NOT NULL,
    local_date    TEXT   NOT NULL,
    added_at      BIGINT NOT NULL,
    PRIMARY KEY (team_id, point_id)
);
CREATE INDEX sync_point_of_programme ON sync_point (team_id, programme_id, state);
CREATE INDEX sync_point_of_person ON sync_point (team_id, user_id);

-- The agenda of a programme's next sync. version counts its orderings, so that of two people who order it at once one does;
-- points are added behind the lock of this row, so that there are never too many.
CREATE TABLE sync_agenda (
    team_id       TEXT   NOT NULL,
    programme_id  TEXT   NOT NULL,
    version       BIGINT NOT NULL,
    PRIMARY KEY (team_id, programme_id)
);

-- How a sync ended (state): open since it began, closed by a person, lapsed without one, or skipped. channel_id and root are where
-- its announcement is, empty until it was sent.
CREATE TABLE sync_closing (
    team_id       TEXT   NOT NULL,
    programme_id  TEXT   NOT NULL,
    local_date    TEXT   NOT NULL,
    state         TEXT   NOT NULL,
    channel_id    TEXT   NOT NULL,
    root          TEXT   NOT NULL,
    user_id       TEXT   NOT NULL,
    notes         TEXT   NOT NULL,
    settled_at    BIGINT,
    PRIMARY KEY (team_id, programme_id, local_date)
);
CREATE INDEX sync_closing_of_person ON sync_closing (team_id, user_id);

-- Notes that came when a sync was closed already: they are beside those of its closing. user_id wrote them.
CREATE TABLE sync_addition (
    team_id       TEXT   NOT NULL,
    addition_id   TEXT   NOT NULL,
    programme_id  TEXT   NOT NULL,
    local_date    TEXT   NOT NULL,
    user_id       TEXT   NOT NULL,
    notes         TEXT   NOT NULL,
    added_at      BIGINT NOT NULL,
    PRIMARY KEY (team_id, addition_id)
);
CREATE INDEX sync_addition_of_sync ON sync_addition (team_id, programme_id, local_date);
CREATE INDEX sync_addition_of_person ON sync_addition (team_id, user_id);

-- Words that a person is about to save, until they choose what for.
CREATE TABLE saved_draft (
    team_id       TEXT   NOT NULL,
    draft_id      TEXT   NOT NULL,
    user_id       TEXT   NOT NULL,
    author_id     TEXT   NOT NULL,
    words         TEXT   NOT NULL,
    link          TEXT   NOT NULL,
    drafted_at    BIGINT NOT NULL,
    PRIMARY KEY (team_id, draft_id)
);
