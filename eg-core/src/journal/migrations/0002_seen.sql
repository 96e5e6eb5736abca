-- What could be seen of a session after an entry, as digests: a replay is compared with it.
CREATE TABLE seen (
    entry  INTEGER PRIMARY KEY REFERENCES entry (id),
    timers INTEGER NOT NULL,
    views  INTEGER NOT NULL, -- the operator's view, the public one, and the explanation
    offers INTEGER NOT NULL
) STRICT;

ALTER TABLE session ADD COLUMN version TEXT; -- of the game that it was started with

CREATE INDEX entry_cause ON entry (cause) WHERE cause IS NOT NULL;
CREATE INDEX effect_entry ON effect (entry);
