-- A decision, and the version that superseded it.
INSERT INTO decision (team_id, decision_id, version, programme_id, channel_id, change, what, why, turned_down, decided_by, review_on,
    reviewed_by, reviewed_at, superseded_at, listed_on, link, recorded_by, decided_on, decided_at, recorded_at, posted_channel, posted_ts)
VALUES ('T0SAMPLE', '019b8f5a000070008000000000000010', 1, '019b8f5a00007000800000000000000d', 'C0TEAM', 'decided', 'Use MySQL', '', '',
        'U0ANA', '2026-03-03', 'U0CY', 1767780100000, 1768298500000, '2026-01-13', '', 'U0ANA', '2026-01-06', 1767693700000, 1767693700000, 'C0TEAM',
        '1767693700.000100'),
       ('T0SAMPLE', '019b8f5a000070008000000000000010', 2, '019b8f5a00007000800000000000000d', 'C0TEAM', 'superseded', 'Use Postgres',
        'Two teams know it.', 'MySQL', 'U0ANA,U0CY', '', '', NULL, NULL, '', '', 'U0CY', '2026-01-13', 1768298500000, 1768298500000, 'C0TEAM',
        '1768298500.000100');
INSERT INTO decision_words (team_id, decision_id, version, channel_id, decided_at, words, more, is_long)
VALUES ('T0SAMPLE', '019b8f5a000070008000000000000010', 2, 'C0TEAM', 1768298500000,
        'use postgres two teams know it. mysql @ana @cy', '', 0);

INSERT INTO decision_recent (team_id, recorded_by, fingerprint, recorded_at)
VALUES ('T0SAMPLE', 'U0CY', '00f1e2d3c4b5a697', 1768298500000);
