-- Where a session's entries stand when they have left the journal: the name of a file in the archive.
ALTER TABLE session ADD COLUMN archived TEXT;

-- The highest number of a start whose entry has left: what comes again is known all the same.
ALTER TABLE stream ADD COLUMN high INTEGER NOT NULL DEFAULT 0;
