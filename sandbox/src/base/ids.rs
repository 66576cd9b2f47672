//! Ids, tokens and secrets that look like Slack's. Ids are drawn from a seed so that a run can be repeated; secrets are,
//! too, unless they are to be hard to guess.

use std::io;

use ring::hmac::{self, HMAC_SHA256, Key};
use ring::rand::{SecureRandom as _, SystemRandom};

/// A small seeded generator (`SplitMix64`) for ids, and a keyed one (HMAC of a counter) for secrets.
#[derive(Debug)]
pub(crate) struct Ids {
    state: u64,
    key: Key,
    drawn: u64,
}

const UPPER: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const MIXED: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const HEX: &[u8] = b"0123456789abcdef";
const DIGITS: &[u8] = b"0123456789";

impl Ids {
    pub(crate) fn new(seed: u64) -> Ids {
        Ids { state: seed, key: Key::new(HMAC_SHA256, &seed.to_be_bytes()), drawn: 0 }
    }

    /// The same ids, with secrets from the machine's randomness.
    pub(crate) fn with_hidden_secrets(seed: u64) -> io::Result<Ids> {
        let mut bytes = [0; 32];
        let filled = SystemRandom::new().fill(&mut bytes);
        filled.map_err(|_| io::Error::other("the machine gives no randomness"))?;
        Ok(Ids { key: Key::new(HMAC_SHA256, &bytes), ..Ids::new(seed) })
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn next_secret(&mut self) -> u64 {
        self.drawn += 1;
        let tag = hmac::sign(&self.key, &self.drawn.to_be_bytes());
        tag.as_ref().first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes))
    }

    fn draw(&mut self, alphabet: &[u8], length: usize) -> String {
        drawn(alphabet, length, || self.next())
    }

    fn draw_secret(&mut self, alphabet: &[u8], length: usize) -> String {
        drawn(alphabet, length, || self.next_secret())
    }

    /// Returns an id such as `U07K3M9QZ1B`: one letter for the kind, a zero, nine more.
    pub(crate) fn id(&mut self, prefix: &str) -> String {
        format!("{prefix}0{}", self.draw(UPPER, 9))
    }

    /// Returns the secret part of a token.
    pub(crate) fn secret(&mut self, length: usize) -> String {
        self.draw_secret(MIXED, length)
    }

    /// Returns lower-case hexadecimal, as in signing secrets and hashes.
    pub(crate) fn hex(&mut self, length: usize) -> String {
        self.draw_secret(HEX, length)
    }

    /// Returns decimal digits, as in the first parts of tokens.
    pub(crate) fn digits(&mut self, length: usize) -> String {
        self.draw_secret(DIGITS, length)
    }

    /// Returns an envelope id in the shape of a UUID.
    pub(crate) fn uuid(&mut self) -> String {
        format!("{}-{}-4{}-a{}-{}", self.hex(8), self.hex(4), self.hex(3), self.hex(3), self.hex(12))
    }

    /// Returns the id that Slack gives a block or an action that was sent without an id.
    pub(crate) fn short(&mut self) -> String {
        self.draw(MIXED, 5)
    }
}

fn drawn(alphabet: &[u8], length: usize, mut next: impl FnMut() -> u64) -> String {
    (0..length)
        .map(|_| {
            let size = u64::try_from(alphabet.len()).unwrap_or(1);
            let at = usize::try_from(next() % size).unwrap_or(0);
            char::from(alphabet[at])
        })
        .collect()
}
