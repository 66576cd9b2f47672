//! Snapshots of what people read about retros.
