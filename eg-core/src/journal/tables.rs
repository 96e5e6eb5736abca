//! Columns of the tables that the archive copies, so that a damaged row can be copied too: each value gets its column's
//! type, and keeps its bytes.

/// Column of a table in SQL: its name, its type, and the value for NULL where NULL is not allowed.
type Column = (&'static str, &'static str, Option<&'static str>);

/// Table that is copied.
pub(super) struct CopiedTable {
    name: &'static str,
    key: &'static str,
    columns: &'static [Column],
}

const fn text(name: &'static str) -> Column {
    (name, "TEXT", Some("''"))
}

const fn maybe_text(name: &'static str) -> Column {
    (name, "TEXT", None)
}

const fn number(name: &'static str) -> Column {
    (name, "INTEGER", Some("0"))
}

const fn maybe_number(name: &'static str) -> Column {
    (name, "INTEGER", None)
}

/// Table of sessions.
pub(super) const SESSION: CopiedTable = CopiedTable {
    name: "session",
    key: "id",
    columns: &[
        text("room"),
        text("game"),
        text("config"),
        text("roster"),
        number("started_us"),
        maybe_number("ended_us"),
        text("status"),
        maybe_text("why"),
        maybe_number("failed_at"),
        maybe_text("version"),
        maybe_text("archived"),
    ],
};

/// Table of streams.
pub(super) const STREAM: CopiedTable = CopiedTable {
    name: "stream",
    key: "id",
    columns: &[text("slot"), text("boot"), number("high")],
};

/// Table of entries.
pub(super) const ENTRY: CopiedTable = CopiedTable {
    name: "entry",
    key: "id",
    columns: &[
        number("at_us"),
        text("kind"),
        maybe_text("slot"),
        maybe_number("session"),
        maybe_number("cause"),
        maybe_number("stream"),
        maybe_number("seq"),
        text("body"),
    ],
};

/// Table of effects.
pub(super) const EFFECT: CopiedTable = CopiedTable {
    name: "effect",
    key: "id",
    columns: &[
        number("entry"),
        text("kind"),
        maybe_text("slot"),
        maybe_text("command"),
        maybe_text("subject"),
        text("body"),
        maybe_number("expires_us"),
        maybe_number("sent_us"),
        maybe_text("answer"),
    ],
};

/// Table of digests.
pub(super) const SEEN: CopiedTable = CopiedTable {
    name: "seen",
    key: "entry",
    columns: &[number("timers"), number("views"), number("offers")],
};

impl CopiedTable {
    /// Returns the SQL that copies the rows of `live` for which `which` holds into `main`.
    pub(super) fn copy(&self, which: &str) -> String {
        let Self { name, key, columns } = self;
        let names: Vec<_> = columns.iter().map(|(name, ..)| *name).collect();
        let values: Vec<_> = columns.iter().map(|column| sound(name, column)).collect();
        format!(
            "INSERT OR REPLACE INTO main.{name} ({key}, {}) SELECT {key}, {} FROM live.{name} WHERE {which}",
            names.join(", "),
            values.join(", ")
        )
    }

    /// Returns the SQL condition for a row `kept` that is the copy of the row `of`.
    pub(super) fn same(&self, of: &str) -> String {
        let same = |column: &Column| format!("kept.{} IS {}", column.0, sound(of, column));
        self.columns.iter().map(same).collect::<Vec<_>>().join(" AND ")
    }
}

/// Returns the SQL expression for a value of the column's type.
fn sound(table: &str, (name, kind, null): &Column) -> String {
    match null {
        Some(null) => format!("coalesce(CAST({table}.{name} AS {kind}), {null})"),
        None => format!("CAST({table}.{name} AS {kind})"),
    }
}
