//! The only reader of the operating system's randomness: everywhere else a seed is a parameter.

use std::sync::{Arc, Mutex, PoisonError};

use rand::{
    Rng, SeedableRng,
    rngs::{StdRng, SysRng},
};

use super::clock::Instant;

/// The source of random numbers for a program, so that a seed can replay it.
#[derive(Clone)]
pub struct Entropy {
    generator: Arc<Mutex<StdRng>>,
}

impl Entropy {
    /// Seeds itself from the operating system.
    pub fn from_system() -> Result<Entropy, rand::rngs::SysError> {
        Ok(Entropy::from(StdRng::try_from_rng(&mut SysRng)?))
    }

    /// Returns the same numbers for the same seed: for tests and the demo.
    pub fn seeded(seed: u64) -> Entropy {
        Entropy::from(StdRng::seed_from_u64(seed))
    }

    /// Returns an id that sorts by its time of creation, so that an index grows at its end (UUID version 7, RFC 9562
    /// §5.7).
    pub fn id(&self, now: Instant) -> String {
        let mut bytes = [0_u8; 10];
        self.draw(|generator| generator.fill_bytes(&mut bytes));
        let millis = u64::try_from(now.timestamp_millis()).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid().simple().to_string()
    }

    /// Returns 128 random bits in hexadecimal: unlike an [`id`](Self::id), a key tells nothing of its time or order.
    pub fn key(&self) -> String {
        let mut bytes = [0_u8; 16];
        self.draw(|generator| generator.fill_bytes(&mut bytes));
        bytes.iter().fold(String::with_capacity(32), |key, byte| format!("{key}{byte:02x}"))
    }

    /// Returns a seed for a plan, which the store can keep.
    pub fn seed(&self) -> i64 {
        self.draw(rand::Rng::next_u64).cast_signed()
    }

    /// Returns a fraction between 0 and 1 to spread retries with.
    pub fn jitter(&self) -> f64 {
        f64::from(self.draw(rand::Rng::next_u32)) / f64::from(u32::MAX)
    }

    fn draw<T>(&self, take: impl FnOnce(&mut StdRng) -> T) -> T {
        // A panic while drawing leaves a generator that is as random as before.
        take(&mut self.generator.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl From<StdRng> for Entropy {
    fn from(generator: StdRng) -> Entropy {
        Entropy { generator: Arc::new(Mutex::new(generator)) }
    }
}
