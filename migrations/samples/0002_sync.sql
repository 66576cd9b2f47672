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

-- The next sync: dee was asked and declined, ana leads by a swap with cy, who takes notes, and leads
-- the one after in return.
INSERT INTO sync_turn (team_id, programme_id, local_date, user_id, state, how, since, version, changed_at, scribe_id,
                       scribe_since)
VALUES ('T0SAMPLE', '019b8f5a00007000800000000000000d', '2026-01-13', 'U0ANA', 'accepted', 'swapped', 4, 5, 1767780000000,
        'U0CY', 5),
       ('T0SAMPLE', '019b8f5a00007000800000000000000d', '2026-01-20', 'U0CY', 'accepted', 'swapped', 1, 1, 1767780000000,
        '', 0);

INSERT INTO sync_answer (team_id, programme_id, local_date, role, user_id, state, changed_at)
VALUES ('T0SAMPLE', '019b8f5a00007000800000000000000d', '2026-01-13', 'lead', 'U0DEE', 'declined', 1767700000000),
       ('T0SAMPLE', '019b8f5a00007000800000000000000d', '2026-01-13', 'lead', 'U0CY', 'relieved', 1767780000000),
       ('T0SAMPLE', '019b8f5a00007000800000000000000d', '2026-01-13', 'lead', 'U0ANA', 'accepted', 1767780000000),
       ('T0SAMPLE', '019b8f5a00007000800000000000000d', '2026-01-13', 'scribe', 'U0DEE', 'declined', 1767780000000);

INSERT INTO sync_offer (team_id, offer_id, programme_id, local_date, turn_since, from_user, to_user, return_date,
                        return_version, state, changed_at)
VALUES ('T0SAMPLE', '019b8f5a0000700080000000000000a1', '019b8f5a00007000800000000000000d', '2026-01-13', 3, 'U0CY', 'U0ANA',
        '2026-01-20', 0, 'accepted', 1767780000000);
