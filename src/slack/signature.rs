//! Checks that a request comes from Slack: HMAC-SHA256 over its time and its raw bytes.

use ring::hmac;
use secrecy::{ExposeSecret, SecretString};

use crate::model::clock::Instant;

/// By how much a request's time may differ from ours, either way, in seconds.
const WINDOW: u64 = 5 * 60;

/// The secret that Slack signs requests with.
#[derive(Clone)]
pub struct SigningSecret {
    key: hmac::Key,
}

/// The secret was empty: anyone could sign with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the signing secret is empty; it is on the Slack app's page under Basic Information")]
pub struct EmptySecret;

/// Why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsigned {
    /// One of the two headers is missing or cannot be read.
    #[error("the signature or its time is missing or malformed")]
    Malformed,
    /// The time is more than five minutes away.
    #[error("the signature's time is more than five minutes away")]
    Stale,
    /// The signature is of other bytes or by another secret.
    #[error("the signature does not match")]
    Wrong,
}

impl SigningSecret {
    /// Takes the secret, unless it is empty; spaces around it are ignored.
    pub fn new(secret: &SecretString) -> Result<SigningSecret, EmptySecret> {
        let secret = secret.expose_secret().trim();
        if secret.is_empty() {
            return Err(EmptySecret);
        }
        Ok(SigningSecret { key: hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()) })
    }

    /// Checks the signature of the headers against the raw body.
    pub fn proves(&self, claim: &Claim<'_>, body: &[u8]) -> Result<(), Unsigned> {
        let message = [b"v0:", claim.timestamp.as_bytes(), b":", body].concat();
        // ring compares in constant time.
        hmac::verify(&self.key, &message, &claim.tag).map_err(|_| Unsigned::Wrong)
    }
}

/// The signature in a request's headers. It can be read before the body that it covers.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'h> {
    timestamp: &'h str,
    tag: [u8; 32],
}

impl<'h> Claim<'h> {
    /// Reads the headers `x-slack-request-timestamp` and `x-slack-signature`, and refuses a time that is not near.
    pub fn read(
        timestamp: Option<&'h str>,
        signature: Option<&str>,
        now: Instant,
    ) -> Result<Claim<'h>, Unsigned> {
        let timestamp = timestamp.ok_or(Unsigned::Malformed)?;
        if timestamp.is_empty() || !timestamp.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Unsigned::Malformed);
        }
        let signed_at: i64 = timestamp.parse().map_err(|_| Unsigned::Malformed)?;
        let hex = signature.and_then(|signature| signature.strip_prefix("v0=")).ok_or(Unsigned::Malformed)?;
        let tag = bytes_of(hex).ok_or(Unsigned::Malformed)?;
        if signed_at.abs_diff(now.timestamp()) > WINDOW {
            return Err(Unsigned::Stale);
        }
        Ok(Claim { timestamp, tag })
    }
}

/// Reads 64 hexadecimal digits as 32 bytes.
fn bytes_of(hex: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if hex.len() != 2 * bytes.len() {
        return None;
    }
    for (byte, digits) in bytes.iter_mut().zip(hex.as_bytes().chunks_exact(2)) {
        let digit = |digit: u8| char::from(digit).to_digit(16);
        *byte = u8::try_from(digit(digits[0])? << 4 | digit(digits[1])?).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::clock::from_ms;

    const BODY: &[u8] = b"command=%2Fkudos&text=hello";
    const TIME: &str = "1760000000";
    const SIGNATURE: &str = "v0=9d03dcfc2cfe4b25ae243f23a39ae6f9619fb19ecd4226b6e9542f6d8b605c73";

    fn secret() -> SigningSecret {
        SigningSecret::new(&"a-secret-for-this-test".into()).unwrap()
    }

    fn at(seconds: i64) -> Instant {
        from_ms((1_760_000_000 + seconds) * 1_000)
    }

    impl SigningSecret {
        fn verify(
            &self,
            timestamp: Option<&str>,
            signature: Option<&str>,
            body: &[u8],
            now: Instant,
        ) -> Result<(), Unsigned> {
            self.proves(&Claim::read(timestamp, signature, now)?, body)
        }
    }

    #[test]
    fn a_signature_holds_for_five_minutes() {
        for seconds in [-300, 0, 300] {
            assert_eq!(secret().verify(Some(TIME), Some(SIGNATURE), BODY, at(seconds)), Ok(()), "{seconds}");
        }
        for seconds in [-301, 301, 1_000_000] {
            let answer = secret().verify(Some(TIME), Some(SIGNATURE), BODY, at(seconds));
            assert_eq!(answer, Err(Unsigned::Stale), "{seconds}");
        }
    }

    #[test]
    fn other_bytes_times_and_secrets_are_refused() {
        let wrong = Err(Unsigned::Wrong);
        assert_eq!(
            secret().verify(Some(TIME), Some(SIGNATURE), b"command=%2Fkudos&text=hullo", at(0)),
            wrong
        );
        assert_eq!(secret().verify(Some("1760000001"), Some(SIGNATURE), BODY, at(0)), wrong);
        let other = SigningSecret::new(&"another-secret".into()).unwrap();
        assert_eq!(other.verify(Some(TIME), Some(SIGNATURE), BODY, at(0)), wrong);
    }

    #[test]
    fn what_is_missing_or_malformed_is_not_believed() {
        let short = &SIGNATURE[..20];
        let unmarked = &SIGNATURE[3..];
        let long = format!("{SIGNATURE}00");
        let words = format!("v0={}", "zz".repeat(32));
        let umlauts = format!("v0={}", "ä".repeat(32));
        for signature in [
            None,
            Some(""),
            Some("v0="),
            Some(short),
            Some(unmarked),
            Some(&long),
            Some(&words),
            Some(&umlauts),
        ] {
            assert_eq!(
                secret().verify(Some(TIME), signature, BODY, at(0)),
                Err(Unsigned::Malformed),
                "{signature:?}"
            );
        }
        for time in [
            None,
            Some(""),
            Some("-1760000000"),
            Some("+1760000000"),
            Some("soon"),
            Some("99999999999999999999"),
        ] {
            assert_eq!(
                secret().verify(time, Some(SIGNATURE), BODY, at(0)),
                Err(Unsigned::Malformed),
                "{time:?}"
            );
        }
    }

    #[test]
    fn an_empty_secret_is_refused() {
        for secret in ["", "  ", "\n"] {
            assert_eq!(SigningSecret::new(&secret.into()).err(), Some(EmptySecret));
        }
    }
}
