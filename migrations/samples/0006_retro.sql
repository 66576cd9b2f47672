-- A retro that is open, with a named and an anonymous prompt, and an answer of one before.
INSERT INTO retro (team_id, retro_id, programme_id, local_date, deck, state, threshold, asked, opened_at, closes_at, sorted_at, version)
VALUES ('T0SAMPLE', '019b8f5a000070008000000000000010', '019b8f5a00007000800000000000000d', '2026-01-06', 'start-stop-continue', 'open',
        5, 2, 1767693600000, 1767952800000, NULL, 1);

INSERT INTO retro_prompt (team_id, retro_id, place, words, answers, respondents)
VALUES ('T0SAMPLE', '019b8f5a000070008000000000000010', '1', 'What should we start doing?', 'anonymous', NULL),
       ('T0SAMPLE', '019b8f5a000070008000000000000010', '2', 'What should we keep doing?', 'named', NULL);

INSERT INTO retro_asked (team_id, retro_id, user_id)
VALUES ('T0SAMPLE', '019b8f5a000070008000000000000010', 'U0ANA');

INSERT INTO retro_key (team_id, secret, retro_id, place)
VALUES ('T0SAMPLE', '000102030405060708090a0b0c0d0e0f', '019b8f5a000070008000000000000010', '1');

INSERT INTO retro_slot (team_id, key_hash, retro_id, place, words, mark)
VALUES ('T0SAMPLE', 'd65df89f702eec58ca3c7bf2001c9ffc7cd80553ae01d42a799ba26756142d96', '019b8f5a000070008000000000000010', '1',
        'Write things down', '0f0e0d0c0b0a09080706050403020100');

INSERT INTO retro_named (team_id, retro_id, place, user_id, words, mark)
VALUES ('T0SAMPLE', '019b8f5a000070008000000000000010', '2', 'U0ANA', 'The short syncs', '');

INSERT INTO retro_answer (team_id, answer_id, retro_id, place, user_id, words, state)
VALUES ('T0SAMPLE', '7f000102030405060708090a0b0c0d0e', '019b8f5a00007000800000000000000f', '1', '', 'Fewer meetings', 'shown');
