-- Prompts of retros that are answered by a number from 1 to 5.
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
