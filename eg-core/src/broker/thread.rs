//! Thread with a runtime of its own, so that nothing else the core does delays a keep-alive.

use std::sync::mpsc;
use std::thread::JoinHandle;

use tokio::runtime;
use tokio::sync::watch;

use super::BrokerError;

/// Signal that tells a thread's tasks to stop.
#[derive(Clone, Debug)]
pub(super) struct Stop(watch::Receiver<bool>);

impl Stop {
    /// Resolves when the thread is to stop; at once if it was told before.
    pub(super) async fn wanted(&mut self) {
        if self.0.wait_for(|wanted| *wanted).await.is_err() {
            tracing::debug!("the owner of the thread is gone");
        }
    }
}

/// Running thread. Dropping it asks the thread to stop, and waits.
#[derive(Debug)]
pub(super) struct Thread {
    stop: watch::Sender<bool>,
    handle: Option<JoinHandle<()>>,
}

impl Thread {
    /// Starts a thread called `name`: runs `open`, whose second value is returned, then `run` on the first, until told
    /// to stop.
    pub(super) fn start<Opened, News>(
        name: &'static str,
        open: impl AsyncFnOnce() -> Result<(Opened, News), BrokerError> + Send + 'static,
        run: impl AsyncFnOnce(Opened, Stop) + Send + 'static,
    ) -> Result<(Self, News), BrokerError>
    where
        News: Send + 'static,
    {
        let failed = move |source| BrokerError::Thread { name, source };
        let (stop, wanted) = watch::channel(false);
        let (news_in, news) = mpsc::sync_channel(1);

        let body = move || {
            let runtime = runtime::Builder::new_current_thread().enable_all().build();
            let runtime = match runtime.map_err(failed) {
                Ok(runtime) => runtime,
                Err(error) => return drop(news_in.send(Err(error))),
            };
            runtime.block_on(async move {
                let opened = match open().await {
                    Ok((opened, news)) => news_in.send(Ok(news)).map(|()| opened),
                    Err(error) => return drop(news_in.send(Err(error))),
                };
                if let Ok(opened) = opened {
                    run(opened, Stop(wanted)).await;
                }
            });
        };
        let handle = std::thread::Builder::new().name(name.into()).spawn(body).map_err(failed)?;
        let thread = Self { stop, handle: Some(handle) };
        let ended = || failed(std::io::Error::other("it ended at once"));
        let news = news.recv().map_err(|_| ended())??;
        Ok((thread, news))
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        if self.handle.take().is_some_and(|handle| handle.join().is_err()) {
            tracing::error!("a broker thread had panicked");
        }
    }
}
