-- One run of a game in a room.
CREATE TABLE session (
    id         INTEGER PRIMARY KEY,
    room       TEXT NOT NULL,
    game       TEXT NOT NULL,
    config     TEXT NOT NULL, -- JSON, what the game was started with
    roster     TEXT NOT NULL, -- JSON
    started_us INTEGER NOT NULL,
    ended_us   INTEGER,
    status     TEXT NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'done', 'aborted', 'failed')),
    why        TEXT,          -- what a failed game said
    failed_at  INTEGER        -- the entry it failed at: a replay ends before it
) STRICT;

-- One room plays one game at a time.
CREATE UNIQUE INDEX session_running ON session (room) WHERE status = 'running';
CREATE INDEX session_room ON session (room, id);

-- One start of one slot's agent: its events are numbered 1, 2, 3 …
CREATE TABLE stream (
    id   INTEGER PRIMARY KEY,
    slot TEXT NOT NULL,
    boot TEXT NOT NULL,
    UNIQUE (slot, boot)
) STRICT;

-- Everything that happened, in order. Rows are added and never changed.
CREATE TABLE entry (
    id      INTEGER PRIMARY KEY,
    at_us   INTEGER NOT NULL,
    kind    TEXT NOT NULL,
    slot    TEXT,
    session INTEGER REFERENCES session (id),
    cause   INTEGER REFERENCES entry (id),   -- the entry that this one follows from
    stream  INTEGER REFERENCES stream (id),
    seq     INTEGER,
    body    TEXT NOT NULL                    -- JSON
) STRICT;

CREATE UNIQUE INDEX entry_event ON entry (stream, seq) WHERE stream IS NOT NULL;
CREATE INDEX entry_session ON entry (session, id) WHERE session IS NOT NULL;

-- Numbers that were skipped and may still come: events after them are not acknowledged yet.
CREATE TABLE awaited (
    stream INTEGER NOT NULL REFERENCES stream (id),
    first  INTEGER NOT NULL,
    last   INTEGER NOT NULL,
    PRIMARY KEY (stream, first)
) STRICT, WITHOUT ROWID;

-- What an entry caused outside: stored with it, then carried out.
CREATE TABLE effect (
    id         INTEGER PRIMARY KEY,
    entry      INTEGER NOT NULL REFERENCES entry (id),
    kind       TEXT NOT NULL CHECK (kind IN ('command', 'step', 'result')),
    slot       TEXT,
    command    TEXT,             -- a command's id
    body       TEXT NOT NULL,    -- JSON, as it is published
    expires_us INTEGER,
    sent_us    INTEGER,          -- when the broker had it, or when it was given up
    answer     TEXT              -- what came of a command
) STRICT;

CREATE INDEX effect_unsent ON effect (id) WHERE sent_us IS NULL;
CREATE INDEX effect_command ON effect (command) WHERE command IS NOT NULL AND answer IS NULL;

-- What each slot last said of itself.
CREATE TABLE slot (
    slot     TEXT PRIMARY KEY,
    hello    TEXT,
    heard_us INTEGER NOT NULL
) STRICT;

-- Messages that could not be read, the latest of them.
CREATE TABLE quarantine (
    id      INTEGER PRIMARY KEY,
    at_us   INTEGER NOT NULL,
    topic   TEXT NOT NULL,
    why     TEXT NOT NULL,
    bytes   INTEGER NOT NULL, -- how long the payload was
    payload BLOB NOT NULL     -- its beginning
) STRICT;

-- Single values: when the core was last alive, day or night.
CREATE TABLE mark (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
