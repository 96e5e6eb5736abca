//! Access to tables of an old database, whose names vary.

use super::found::{OldError, OldNames};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};
use std::path::Path;

/// Returns the first of the wanted names that was found, ignoring ASCII case; [`OldError::Missing`] if none was.
pub(super) fn pick<'a>(
    place: &str,
    what: &'static str,
    found: &'a [String],
    wanted: OldNames,
) -> Result<&'a str, OldError> {
    let there = |name: &&str| found.iter().find(|it| it.eq_ignore_ascii_case(name));
    let hit = wanted.iter().find_map(there);
    hit.map(String::as_str).ok_or_else(|| OldError::Missing {
        place: place.to_owned(),
        what,
        wanted,
        found: found.to_vec(),
    })
}

pub(super) fn columns(database: &Connection, table: &str) -> Result<Vec<String>, rusqlite::Error> {
    column(database, &format!("SELECT name FROM pragma_table_info({})", quoted(table, '\'')))
}

pub(super) fn column(database: &Connection, sql: &str) -> Result<Vec<String>, rusqlite::Error> {
    let mut list = database.prepare(sql)?;
    let rows = list.query_map([], |row| row.get(0))?;
    rows.collect()
}

pub(super) fn quoted(name: &str, mark: char) -> String {
    format!("{mark}{}{mark}", name.replace(mark, &format!("{mark}{mark}")))
}

/// Reads every row of a table, numbered from 1 in the order of the table.
pub(super) fn rows<T>(
    database: &Connection,
    table: &str,
    columns: &[&str],
    path: &Path,
    mut take: impl FnMut(&Row<'_>, usize) -> Result<T, OldError>,
) -> Result<Vec<T>, OldError> {
    let open = |source| OldError::Open { path: path.into(), source };
    let names: Vec<_> = columns.iter().map(|name| quoted(name, '"')).collect();
    let list = format!("SELECT {} FROM {}", names.join(", "), quoted(table, '"'));
    let mut list = database.prepare(&list).map_err(open)?;
    let mut rows = list.query([]).map_err(open)?;
    let mut all = Vec::new();
    while let Some(row) = rows.next().map_err(open)? {
        all.push(take(row, all.len() + 1)?);
    }
    Ok(all)
}

/// Reads a value as text, whatever its type; empty for NULL and blobs.
pub(super) fn text(row: &Row<'_>, place: usize) -> String {
    match row.get_ref(place) {
        Ok(ValueRef::Text(bytes)) => String::from_utf8_lossy(bytes).into_owned(),
        Ok(ValueRef::Integer(number)) => number.to_string(),
        Ok(ValueRef::Real(number)) => number.to_string(),
        Ok(ValueRef::Null | ValueRef::Blob(_)) | Err(_) => String::new(),
    }
}
