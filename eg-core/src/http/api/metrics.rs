//! Figures for a Prometheus, which asks with a token of a viewer.

use crate::http::access::{Routes, VIEWER};
use crate::http::attention::Attention;
use crate::http::context::Context;
use crate::http::metrics::{CoreFigures, MEDIA, text};
use crate::http::problem::Problem;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use std::path::Path;
use utoipa_axum::routes;

pub(super) fn routes() -> Routes {
    Routes::new().add(VIEWER, routes!(metrics))
}

/// Tells the core's figures to Prometheus
///
/// OpenMetrics: events, slots, boards, times of presses, sessions, journal and disk. docs/metrics.md has each series.
#[utoipa::path(get, path = "/metrics", tag = "core",
    responses((status = 200, description = "The series.", body = String, content_type = "application/openmetrics-text")))]
async fn metrics(State(context): State<Context>) -> Result<impl IntoResponse, Problem> {
    let (state, path) = (context.handle.state(), context.journal.path().to_owned());
    let sizes = tokio::task::spawn_blocking(move || size(&path)).await;
    let figures = CoreFigures {
        state: &state,
        looks: *context.audience.looks().borrow(),
        disk: context.disk.space(),
        journal: sizes.ok().flatten(),
        waiting: context.access.waiting().len(),
        alarms: Attention::now(&context).health.alarms,
        version: env!("CARGO_PKG_VERSION"),
    };
    let text = text(&figures).map_err(|_| Problem::disk())?;
    Ok(([(header::CONTENT_TYPE, MEDIA)], text))
}

/// Size of the journal with its log, in bytes.
fn size(journal: &Path) -> Option<u64> {
    let file = |path: &Path| path.metadata().map(|data| data.len()).ok();
    let mut log = journal.as_os_str().to_owned();
    log.push("-wal");
    Some(file(journal)? + file(Path::new(&log)).unwrap_or_default())
}
