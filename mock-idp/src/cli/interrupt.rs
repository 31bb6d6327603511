//! The end of a run, as somebody asks for it.

use std::io;

/// From now on Ctrl-C and the polite signal of a process manager are heard, by waiting for what this yields.
pub(super) fn interruption() -> io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut pressed = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        Ok(async move {
            tokio::select! {
                _ = pressed.recv() => {}
                _ = terminate.recv() => {}
            }
        })
    }
    #[cfg(windows)]
    {
        let mut pressed = tokio::signal::windows::ctrl_c()?;
        Ok(async move { pressed.recv().await.unwrap_or_default() })
    }
}
