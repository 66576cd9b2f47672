//! The migrations, oldest first: number, name and text.

pub const LIST: &[(i64, &str, &str)] = &[
    (1, "foundation", include_str!("0001_foundation.sql")), //
    (2, "sync", include_str!("0002_sync.sql")),
    (3, "sync_agenda", include_str!("0003_sync_agenda.sql")),
    (4, "promises", include_str!("0004_promises.sql")),
    (5, "decisions", include_str!("0005_decisions.sql")),
    (6, "retro", include_str!("0006_retro.sql")),
    (7, "retro_returns", include_str!("0007_retro_returns.sql")),
];
