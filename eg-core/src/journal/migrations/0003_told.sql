-- What a module tells a slot on a topic of its own is an effect too. The table is made anew, because SQLite cannot change
-- what a column may hold.
CREATE TABLE effect_of (
    id         INTEGER PRIMARY KEY,
    entry      INTEGER NOT NULL REFERENCES entry (id),
    kind       TEXT NOT NULL CHECK (kind IN ('command', 'step', 'result', 'tell')),
    slot       TEXT,
    command    TEXT,             -- a command's id
    subject    TEXT,             -- of what is told: the end of its topic
    body       TEXT NOT NULL,    -- JSON, as it is published
    expires_us INTEGER,
    sent_us    INTEGER,          -- when the broker had it, or when it was given up
    answer     TEXT              -- what came of a command
) STRICT;

INSERT INTO effect_of (id, entry, kind, slot, command, body, expires_us, sent_us, answer)
    SELECT id, entry, kind, slot, command, body, expires_us, sent_us, answer FROM effect;
DROP TABLE effect;
ALTER TABLE effect_of RENAME TO effect;

CREATE INDEX effect_unsent ON effect (id) WHERE sent_us IS NULL;
CREATE INDEX effect_command ON effect (command) WHERE command IS NOT NULL AND answer IS NULL;
CREATE INDEX effect_entry ON effect (entry);
