-- What every core up to 0.1.0 made, without a version: the tables may be there already.
CREATE TABLE IF NOT EXISTS password (one INTEGER PRIMARY KEY CHECK (one = 1), hash TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS session (digest BLOB PRIMARY KEY, ends_us INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS link (digest BLOB PRIMARY KEY, ends_us INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS page (one INTEGER PRIMARY KEY CHECK (one = 1), address TEXT NOT NULL);
