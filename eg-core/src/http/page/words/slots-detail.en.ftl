# Page of one slot, in English.
slot-back = All slots
slot-how = State
slot-twin = Two machines call themselves so: is a card a copy? Give one of them another id.
slot-inputs = Boards and inputs
slot-outputs = Outputs
slot-link = Link
slot-log = Latest about this slot
slot-log-none = Nothing since the core was started.
slot-look = Ask for all states
slot-veiled = A session keeps its choices secret: which input is pressed is not told until it is revealed or over.
slot-no-boards = This slot has not told of any board.
slot-no-outputs = This slot has no output.
input-unknown = not known yet
input-moment = tells moments alone
input-on = active
input-off = at rest
input-no-tag = no tag
output-test = Test
output-pulse = Pulse
output-pulsed = pulse of { $ms } ms
output-level = Level, 0 to 1
output-set = Set
output-lit = lit
output-dark = dark
output-unknown = state not known
output-by-game = the game
output-told = last: { $set }, by { $by }
output-no-answer = no answer yet
output-done = done
output-expired = came too late
output-refused = refused
lamps = Lamps one by one
lamps-stop = Stop
lamps-on = { $lamp } · { $place } of { $of }
all-off = All off
all-off-means = Every output of this slot is switched off, locks as well: they go into the position they have without power. A game sets its outputs again only when something happens.
slot-waiting = Waits in the slot’s outbox
slot-waiting-n = { $n ->
    [0] nothing
    [one] { $n } event
   *[other] { $n } events
 }
slot-address = Address
slot-agent = Agent
slot-boot = Start
slot-stored = Events stored
slot-unreadable = Messages that could not be read
press-arrived = From the press to the core
press-arrived-none = Nobody has pressed since the core was started.
press-arrived-n = { $n ->
    [one] { $n } press: { $worst }
   *[other] { $n } presses: half of them within { $half }, 99 % within { $most }, the slowest { $worst }
 }
act-all-off = all outputs off
act-lamps = lamps one by one
act-lamps-stop = lamps stopped
act-restart = agent restarted
slot-own-page = Its own page
slot-protocol = protocol { $n }
slot-restart = Restart the agent
slot-restart-means = The agent ends and is started again by its machine, which takes a few seconds. Its outputs take their safe state meanwhile; presses in that time are lost. Other slots of the same machine may go with it.
slot-no-restart = This agent cannot be restarted from here: its file forbids it, nothing would start it again, or it is too old.
