//! Ctrl-C and SIGTERM. As process 1 of a container a program gets neither unless it asks for them.

use std::{
    process::{ExitCode, exit},
    time::Duration,
};

use tokio::sync::watch;

use super::Ended;

/// How long a command has to clean up before the process ends without it.
const GRACE: Duration = Duration::from_millis(500);

/// The first signal, as the exit code that shells know it by; 0 while there was none.
#[derive(Clone)]
pub(super) struct Signals(watch::Receiver<u8>);

impl Signals {
    /// Starts listening.
    pub(super) fn listen() -> Result<Signals, Ended> {
        let (came, coming) = watch::channel(0);
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            let mut interrupt = signal(SignalKind::interrupt())?;
            let mut terminate = signal(SignalKind::terminate())?;
            tokio::spawn(async move {
                let code = tokio::select! {
                    _ = interrupt.recv() => 130,
                    _ = terminate.recv() => 143,
                };
                came.send_replace(code);
            });
        }
        #[cfg(not(unix))]
        tokio::spawn(async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                came.send_replace(130);
            }
        });
        Ok(Signals(coming))
    }

    /// Returns a flag that turns true at the first signal, for graceful shutdowns.
    pub(super) fn as_shutdown(&self) -> watch::Receiver<bool> {
        let (stop, stopped) = watch::channel(false);
        let mut signals = self.clone();
        tokio::spawn(async move {
            signals.first().await;
            stop.send_replace(true);
        });
        stopped
    }

    /// Waits for the first signal and returns its exit code.
    pub(super) async fn first(&mut self) -> u8 {
        let code = self.0.wait_for(|code| *code != 0).await.map(|code| *code);
        match code {
            Ok(code) => code,
            // The listener is gone, so none can come.
            Err(_) => std::future::pending().await,
        }
    }

    /// Runs a command until it is done or a signal comes. Then its future is dropped, so that it cleans up; if that
    /// is stuck, for example in a read from a pipe, the process ends all the same.
    pub(super) async fn end(
        mut self,
        work: impl Future<Output = Result<ExitCode, Ended>>,
    ) -> Result<ExitCode, Ended> {
        let mut watchdog = self.clone();
        tokio::spawn(async move {
            let code = watchdog.first().await;
            tokio::time::sleep(GRACE).await;
            exit(i32::from(code));
        });
        tokio::select! {
            biased;
            code = self.first() => Ok(ExitCode::from(code)),
            done = work => done,
        }
    }
}
