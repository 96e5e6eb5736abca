# Lists of past sessions and their statistics, in English.
past-from = From
past-to = To
past-room = Room
past-game = Game
past-outcome = Outcome
past-every-room = every room
past-every-game = every game
past-every-outcome = every outcome
past-show = Show
past-csv = Download as CSV
past-none = No session fits. Ask for more days, or for every room and game.
past-sessions = Sessions
past-played = Time played
past-players = Players
past-hints = Hints
past-uncounted = { $n ->
    [one] The hints of one older session are not in this sum.
   *[other] The hints of { $n } older sessions are not in this sum.
}
past-number = No.
past-when = Started
past-duration = Duration
past-by = By
past-look = Look back at session { $n }
statistics = Statistics
statistics-list = These sessions as a list
statistics-means = Sessions that are over, by the day and hour of their start where the core stands. Without days, the last twelve months.
statistics-table = Figures as a table
statistics-month = Month
statistics-all = All
statistics-median = Usual duration
statistics-hints = Hints per session
statistics-hour = { $hour }:00
past-all-games = All games
chart-sessions = Sessions
chart-sessions-told = { $done } done, { $aborted } called off, { $failed } failed.
chart-lengths = Usual duration, in minutes
chart-lengths-told = Half of the sessions that came to their end took { $length } or less.
chart-lengths-none = No session came to its end.
chart-hints = Hints per session
chart-hints-told = On average: { $hints }
chart-hours = Hours of their start
chart-hours-told = { $n ->
    [one] Busiest at { $hour }: one session.
   *[other] Busiest at { $hour }: { $n } sessions.
}
month-01 = Jan
month-02 = Feb
month-03 = Mar
month-04 = Apr
month-05 = May
month-06 = Jun
month-07 = Jul
month-08 = Aug
month-09 = Sep
month-10 = Oct
month-11 = Nov
month-12 = Dec
past-backup = Backup
past-backup-means = The whole journal as one file, made while the core runs: everything that happened, secret choices included, without the archive and the accounts. That you took it is written down. docs/journal.md tells how to restore it.
past-backup-take = Download the journal
