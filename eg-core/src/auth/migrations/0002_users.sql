-- Users with roles, their invitations and sessions, and tokens for scripts. The one password there was becomes that of
-- the user `operator`, whose sessions go on.
CREATE TABLE user (
    name TEXT PRIMARY KEY,
    role TEXT NOT NULL,
    hash TEXT NOT NULL,
    made_us INTEGER NOT NULL
);
INSERT INTO user (name, role, hash, made_us) SELECT 'operator', 'operator', hash, 0 FROM password;

CREATE TABLE login (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    digest BLOB NOT NULL UNIQUE,
    user TEXT NOT NULL REFERENCES user (name) ON DELETE CASCADE,
    began_us INTEGER NOT NULL,
    seen_us INTEGER NOT NULL,
    ends_us INTEGER NOT NULL,
    address TEXT NOT NULL,
    browser TEXT NOT NULL
);
INSERT INTO login (digest, user, began_us, seen_us, ends_us, address, browser)
    SELECT digest, 'operator', 0, 0, ends_us, '', '' FROM session WHERE EXISTS (SELECT 1 FROM user);
DROP TABLE session;
DROP TABLE password;

CREATE TABLE invitation (
    name TEXT PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE,
    role TEXT NOT NULL,
    made_by TEXT NOT NULL,
    ends_us INTEGER NOT NULL
);

CREATE TABLE token (
    name TEXT PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE,
    role TEXT NOT NULL,
    room TEXT,
    made_by TEXT NOT NULL,
    made_us INTEGER NOT NULL,
    used_us INTEGER,
    ends_us INTEGER
);
