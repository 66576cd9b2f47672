//! Ports for programs that are told where to listen.

use std::{
    net::TcpListener,
    ops::Range,
    process,
    sync::atomic::{AtomicU16, Ordering},
};

/// Below those that the system gives to any connection by itself, on Linux from 32,768 and on macOS from 49,152. One of those can be
/// taken by another test before the program listens there, or while it is started again.
const PORTS: Range<u16> = 10_000..32_000;

/// Returns a port that nothing listens on, and that no other test of this process gets soon.
pub fn free_port() -> u16 {
    static GIVEN: AtomicU16 = AtomicU16::new(0);
    // Two runs of the tests at once begin far from each other.
    let begin = process::id().wrapping_mul(7_919);
    for _ in PORTS {
        let given = begin.wrapping_add(GIVEN.fetch_add(1, Ordering::Relaxed).into());
        let port = PORTS.start + u16::try_from(given % u32::from(PORTS.end - PORTS.start)).unwrap();
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
    panic!("no port of {PORTS:?} is free");
}

/// Returns an address with such a port.
pub fn free_address() -> String {
    format!("127.0.0.1:{}", free_port())
}
