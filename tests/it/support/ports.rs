//! Ports for programs that are told where to listen.

use std::{
    fs::{self, File},
    net::TcpListener,
    ops::Range,
    path::Path,
    sync::{
        LazyLock,
        atomic::{AtomicU16, Ordering},
    },
};

/// Below those that the system gives to any connection by itself, on Linux from 32,768 and on macOS from 49,152. One of those can be
/// taken by another test before the program listens there, or while it is started again.
const PORTS: Range<u16> = 10_000..32_000;
/// How many of them a process of tests has for itself.
const OF_ONE: u16 = 500;

/// The ports of this process, and the lock that keeps others from them.
static OWN: LazyLock<(Range<u16>, File)> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ports");
    fs::create_dir_all(&folder).unwrap();
    PORTS
        .step_by(OF_ONE.into())
        .find_map(|first| {
            let file = File::create(folder.join(first.to_string())).unwrap();
            file.try_lock().ok().map(|()| (first..first + OF_ONE, file))
        })
        .expect("fewer processes of tests at once")
});

/// Returns a port that nothing listens on, and that no other test gets soon.
pub fn free_port() -> u16 {
    static GIVEN: AtomicU16 = AtomicU16::new(0);
    let (own, _) = &*OWN;
    for _ in own.clone() {
        let port = own.start + GIVEN.fetch_add(1, Ordering::Relaxed) % OF_ONE;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
    panic!("no port of {own:?} is free");
}

/// Returns an address with such a port.
pub fn free_address() -> String {
    format!("127.0.0.1:{}", free_port())
}
