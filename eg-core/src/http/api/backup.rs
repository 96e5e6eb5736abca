//! Copy of the whole journal, for operators to take away.

use crate::audit::Author;
use crate::auth::{AccountError, Role};
use crate::http::access::{Rights, Routes};
use crate::http::context::{Context, accounts};
use crate::http::csv::time;
use crate::http::problem::Problem;
use crate::http::problem_type::ProblemType;
use crate::journal::{JournalError, Snapshot};
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use eg_proto::Text;
use futures_util::{Stream, StreamExt, TryStreamExt};
use std::io;
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;
use tokio_util::io::ReaderStream;
use utoipa_axum::routes;

/// Media type of the journal's file, which is taken away as it is: to compress it would cost more than to send it.
pub(in crate::http) const JOURNAL_FILE: &str = "application/vnd.sqlite3";

/// Time after which the download begins although the copy is still being made: an answer begins in time, or is given up.
const SOON: Duration = Duration::from_secs(8);

/// Number of bytes that are read at a time.
const CHUNK: usize = 64 * 1024;

/// Copy with the right to have one, of which there is one.
type Copy = (Snapshot, OwnedSemaphorePermit);

pub(super) fn routes() -> Routes {
    Routes::new().add(Rights::Role(Role::Operator), routes!(backup))
}

/// Downloads the journal as one file
///
/// A consistent copy of the SQLite database, made while the core runs: everything that happened, secret choices included,
/// without what stands in the archive and without accounts. That it was taken stands in the audit trail. One copy is made at a
/// time; `docs/journal.md` tells how to restore it.
#[utoipa::path(get, path = "/api/backup", tag = "events",
    responses((status = 200, description = "The database.", content_type = "application/vnd.sqlite3", body = Vec<u8>),
        (status = 409, description = "Another copy is being taken."),
        (status = 503, description = "The disk has not the room for it.")))]
async fn backup(State(context): State<Context>, author: Author) -> Result<Response, Problem> {
    let permit = context.backups.clone().try_acquire_owned().map_err(|_| taken())?;
    let note =
        move |auth: &crate::auth::Auth| auth.note_backup(&author).map_err(AccountError::from);
    accounts(&context, note).await?;
    let journal = context.journal.clone();
    // The permit is kept until the file is closed, also when nobody waits for it any more.
    let mut copying =
        tokio::task::spawn_blocking(move || journal.snapshot().map(|copy| (copy, permit)));
    let day = time(context.clock.now().0);
    let day = day.get(..10).unwrap_or_default();
    let name = format!("attachment; filename=\"journal-{day}.db\"");
    let head = [(header::CONTENT_TYPE, JOURNAL_FILE), (header::CONTENT_DISPOSITION, name.as_str())];
    let mut response = match tokio::time::timeout(SOON, &mut copying).await {
        Ok(copied) => {
            let copy = copied.map_err(|_| Problem::disk())?.map_err(|error| refused(&error))?;
            let bytes = copy.0.bytes;
            let mut response = (head, Body::from_stream(read(copy))).into_response();
            response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(bytes));
            response
        }
        Err(_) => {
            let copied =
                async { Ok::<_, io::Error>(read(copying.await?.map_err(io::Error::other)?)) };
            let late = futures_util::stream::once(copied).try_flatten();
            (head, Body::from_stream(late)).into_response()
        }
    };
    response.headers_mut().insert(header::ACCEPT_RANGES, HeaderValue::from_static("none"));
    Ok(response)
}

/// Returns the bytes of a copy as its reader takes them.
fn read((Snapshot { file, .. }, permit): Copy) -> impl Stream<Item = io::Result<Bytes>> {
    let chunks = ReaderStream::with_capacity(tokio::fs::File::from_std(file), CHUNK);
    chunks.inspect(move |_| {
        let _held = &permit;
    })
}

fn taken() -> Problem {
    let fr = "une copie du journal est déjà en cours ; réessayez quand elle sera finie";
    let en = "a copy of the journal is being taken already; try again when it is done";
    Problem::new(ProblemType::Conflict, Text::new(fr, en))
}

fn refused(error: &JournalError) -> Problem {
    tracing::warn!(%error, "the journal could not be copied");
    let JournalError::NoRoom { needed, .. } = error else { return Problem::disk() };
    let mega = needed.div_ceil(1 << 20);
    let fr = format!("la copie demande {mega} Mo sur le disque du journal, et ils n’y sont pas");
    let en = format!("the copy takes {mega} MB on the journal's disk, which are not there");
    Problem::new(ProblemType::Unavailable, Text::new(fr, en))
}
