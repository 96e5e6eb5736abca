//! A broker that runs elsewhere: does it let the core in?

use crate::config::{BrokerConfig, CoreConfig};
use eg_mqtt::{Notice, Options, Trust, connect};
use eg_page::Finding;
use std::time::Duration;
use tokio::time::timeout;

/// Time that the broker may take.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);

/// Connects to the broker as the core would, under another client id: the core's own connection stays.
pub(super) fn broker(config: &CoreConfig) -> Option<Finding> {
    let BrokerConfig::External { host, port, .. } = &config.broker else { return None };
    let said = |finding: Finding| finding.with("address", format!("{host}:{port}"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
    Some(match runtime.block_on(attach(config)) {
        Ok(()) => said(Finding::good("broker")),
        Err(why) => said(Finding::bad("broker")).because(why),
    })
}

async fn attach(config: &CoreConfig) -> Result<(), String> {
    let BrokerConfig::External { host, port, credentials, authority, .. } = &config.broker else {
        return Ok(());
    };
    let id = format!("doctor-{}", ulid::Ulid::new().to_string().to_ascii_lowercase());
    let mut options = Options::new(host, *port, id);
    options.credentials.clone_from(credentials);
    options.tls = authority.clone().map(|authority| Trust::Pinned(Some(authority).into()));
    let (client, mut incoming) = connect(options, []).map_err(|error| error.to_string())?;
    let answer = match timeout(ANSWER_TIMEOUT, incoming.next()).await {
        Ok(Some(Notice::Connected { .. })) => Ok(()),
        Ok(Some(Notice::Lost { error, .. })) => Err(error.to_string()),
        Ok(Some(Notice::Message(_) | Notice::Oversize { .. }) | None) => {
            Err("no answer".to_owned())
        }
        Err(_) => Err("no answer within 5 s".to_owned()),
    };
    // Without last words nothing can remain unacknowledged.
    let _ = client.disconnect(None).await;
    answer
}
