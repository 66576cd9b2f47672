-- Syncs: when they took place, who led and wrote, and who could have.
INSERT INTO schema_release (version, works_from) VALUES (2, 1);

-- A sync that was announced: one for each programme and local date. starts_at is when it was due; ends_at is minutes after
-- it was announced, and until then the lead can be taken over. link is where people join, empty without one.
CREATE TABLE sync_occasion (
    team_id       TEXT   NOT NULL,
    programme_id  TEXT   NOT NULL,
    local_date    TEXT   NOT NULL,
    starts_at     BIGINT NOT NULL,
    ends_at       BIGINT NOT NULL,
    minutes       BIGINT NOT NULL,
    link          TEXT   NOT NULL,
    PRIMARY KEY (team_id, programme_id, local_date)
);

-- Who had a duty (role: lead, scribe) and how they came to it (how: assigned, volunteered, swapped). version counts the
-- changes of the row, so that of two people who take it over at once one gets it.
CREATE TABLE sync_duty (
    team_id       TEXT   NOT NULL,
    programme_id  TEXT   NOT NULL,
    local_date    TEXT   NOT NULL,
    role          TEXT   NOT NULL,
    user_id       TEXT   NOT NULL,
    how           TEXT   NOT NULL,
    version       BIGINT NOT NULL,
    settled_at    BIGINT NOT NULL,
    PRIMARY KEY (team_id, programme_id, local_date, role)
);
CREATE INDEX sync_duty_of_person ON sync_duty (team_id, user_id);
CREATE INDEX sync_duty_by_date ON sync_duty (team_id, local_date);

-- Who took part in the programme when a sync was announced, and whether they could have a duty (state: available; last, if they
-- could and were asked last, since they hadn't answered lately; absent). Later turns are owed by it.
CREATE TABLE sync_availability (
    team_id       TEXT   NOT NULL,
    programme_id  TEXT   NOT NULL,
    local_date    TEXT   NOT NULL,
    user_id       TEXT   NOT NULL,
    state         TEXT   NOT NULL,
    PRIMARY KEY (team_id, programme_id, local_date, user_id)
);
CREATE INDEX sync_availability_of_person ON sync_availability (team_id, user_id);

-- Who leads a sync that is still to come (state: open, asked, accepted, named; begun once it was announced), and how they
-- came to it. user_id is empty while it is open. version counts the changes of the row, so that of two that are made at once
-- one counts. since is the version at which the person got it, or was asked or told anew. answer_by is until when a person who was
-- asked can answer, as they read it; NULL where they lead if they say nothing.
CREATE TABLE sync_turn (
    team_id       TEXT   NOT NULL,
    programme_id  TEXT   NOT NULL,
    local_date    TEXT   NOT NULL,
    user_id       TEXT   NOT NULL,
    state         TEXT   NOT NULL,
    how           TEXT   NOT NULL,
    since         BIGINT NOT NULL,
    version       BIGINT NOT NULL,
    changed_at    BIGINT NOT NULL,
    answer_by     BIGINT,
    scribe_id     TEXT   NOT NULL,
    scribe_since  BIGINT NOT NULL,
    PRIMARY KEY (team_id, programme_id, local_date)
);
CREATE INDEX sync_turn_of_person ON sync_turn (team_id, user_id);
CREATE INDEX sync_turn_of_scribe ON sync_turn (team_id, scribe_id);
CREATE INDEX sync_turn_by_date ON sync_turn (team_id, local_date);

-- What people answered who were asked to lead (role: lead; state: asked, accepted, declined, silent, returned if they said later that
-- they're back, swapped, relieved by another's offer), or told to take notes (role: scribe; state: declined).
CREATE TABLE sync_answer (
    team_id       TEXT   NOT NULL,
    programme_id  TEXT   NOT NULL,
    local_date    TEXT   NOT NULL,
    role          TEXT   NOT NULL,
    user_id       TEXT   NOT NULL,
    state         TEXT   NOT NULL,
    changed_at    BIGINT NOT NULL,
    PRIMARY KEY (team_id, programme_id, local_date, role, user_id)
);
CREATE INDEX sync_answer_of_person ON sync_answer (team_id, user_id);
CREATE INDEX sync_answer_by_date ON sync_answer (team_id, local_date);

-- A person offers their turn to another (state: open, accepted, refused, void), perhaps for a later one of the other's.
-- turn_since is the version at which they got the turn. return_date is empty without a turn in return.
CREATE TABLE sync_offer (
    team_id         TEXT   NOT NULL,
    offer_id        TEXT   NOT NULL,
    programme_id    TEXT   NOT NULL,
    local_date      TEXT   NOT NULL,
    turn_since      BIGINT NOT NULL,
    from_user       TEXT   NOT NULL,
    to_user         TEXT   NOT NULL,
    return_date     TEXT   NOT NULL,
    return_version  BIGINT NOT NULL,
    state           TEXT   NOT NULL,
    changed_at      BIGINT NOT NULL,
    PRIMARY KEY (team_id, offer_id)
);
CREATE UNIQUE INDEX sync_offer_once ON sync_offer (team_id, programme_id, local_date, turn_since, to_user)
    WHERE state <> 'void';
CREATE INDEX sync_offer_by_date ON sync_offer (team_id, programme_id, local_date);
CREATE INDEX sync_offer_from_person ON sync_offer (team_id, from_user);
CREATE INDEX sync_offer_to_person ON sync_offer (team_id, to_user);
