# Rooms and their sessions, in English.
times = { $n ->
    [one] once
   *[other] { $n } times
 }
room = Room { $room }
no-session = No session is running.
start = Start { $game }
session = Session { $id } · { $game }
status-running = running
status-done = done
status-aborted = called off
status-failed = failed
resumed = Resumed after the core was down; that time does not count.
failed-why = The game stopped: { $why }
turnout = { $votes } of { $expected } have voted
turnout-pressed = { $votes } of { $expected } have pressed
abstain = abstain
turnout-missing = Missing:
start-other = Other settings
game = Game
roll-call = Call the roll
roll-call-again = Call the roll again
roll-call-again-means = Who has answered has to press again.
roll-call-end = End the roll-call
roll-call-end-means = Who has answered is forgotten.
roll-call-count = { $here } of { $all } have answered the roll-call
roll-call-silent = has not pressed
start-without = Why start without who is missing
start-broken = Not everything works:
start-offline = offline
start-anyway = Why start all the same
start-not-reset = Not put back yet:
reset = Reset
reset-none = No list of what to put back: reset: of the room, in the core’s file.
reset-count = { $done } of { $all }
clock-left = Time left
clock-elapsed = Elapsed
clock-stopped = paused
clock-idle = Nothing moves for
