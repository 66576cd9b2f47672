-- A sync that was announced, with its duties and who could have had them.
INSERT INTO sync_occasion (team_id, programme_id, local_date, starts_at, ends_at, minutes, link)
VALUES ('T0SAMPLE', '019b8f5a00007000800000000000000d', '2026-01-06', 1767693600000, 1767695400000, 30,
        'https://meet.example/planning');

INSERT INTO sync_duty (team_id, programme_id, local_date, role, user_id, how, version, settled_at)
VALUES ('T0SAMPLE', '019b8f5a00007000800000000000000d', '2026-01-06', 'lead', 'U0ANA', 'volunteered', 2, 1767693900000),
       ('T0SAMPLE', '019b8f5a00007000800000000000000d', '2026-01-06', 'scribe', 'U0CY', 'assigned', 1, 1767693600000);

INSERT INTO sync_availability (team_id, programme_id, local_date, user_id, state)
VALUES ('T0SAMPLE', '019b8f5a00007000800000000000000d', '2026-01-06', 'U0ANA', 'available'),
       ('T0SAMPLE', '019b8f5a00007000800000000000000d', '2026-01-06', 'U0CY', 'absent');
