-- Acts outside of sessions, such as the steps of a show, are found without reading every press.
CREATE INDEX entry_of_core ON entry (id) WHERE session IS NULL AND kind = 'act';
