# The slot page in English.
lost-connection = Connection to the agent lost — what you see is out of date.
not-sent = Not sent: there is no connection. Try again once it is back.
not-json = Settings must be JSON, such as {"{"} "timeout": "60s" {"}"}.
skip-to-content = Skip to content
other-language = Français
title = Slot { $slot }
input-status = Input Status
status-online = online
status-degraded = degraded
status-disconnected = disconnected
status-waiting = waits to be adopted
status-refused = not let in
adopt-me = is this slot’s code. Compare it with the one on the operator’s page, and adopt { $slot } there.
refused-revoked = This slot’s secret was revoked. Adopt { $slot } anew on the operator’s page if it belongs here.
refused-other-secret = The core knows another secret of { $slot }. If this card is new, replace the old one on the operator’s page.
refused-full = So many slots wait at the core that { $slot } is not listed there: adopt or dismiss some of them on the operator’s page.
refused-cloned = Another machine is connected with the name and the secret of { $slot }. If this card is a copy, remove its secret file and give it another id.
refused-no-pairing = The broker wants a password that it does not know of { $slot }: update its password file (eg-core mosquitto-config).
simulated = simulated board
twin = Another machine calls itself { $slot } too: is its card a copy? Give one of them another id.
mode-day = Day
mode-night = Night
mode-unknown = mode unknown
question = Open question
hint = Hint:
question-none = No question is open.
step = Step { $step }
result = Result of step { $step }
result-none = No decision.
abstain = abstain
devices = Boards
device-ready = ready
device-lost = lost
device-fault = fault
dropped = { $n ->
    [one] { $n } message could not be used:
   *[other] { $n } messages could not be used, the last:
 }
press-times = How fast presses are
inputs = Inputs
outputs = Outputs
lit = lit
dark = dark
press-help = Click, touch, or press the keys 1 to { $n }.
tag = Tag (hexadecimal)
present = Present
take-away = Take away
text = Text
send = Send
turn-left = Turn left
turn-right = Turn right
outbox = { $n ->
    [0] Everything has reached the core.
    [one] { $n } event waits for the core.
   *[other] { $n } events wait for the core.
 }
clock-unknown = The core’s clock is not known yet.
clock = Clock within ± { $bound } ms.
clock-bent = NTP, or something like it, bends this machine’s clock by { $ppm } ppm. It is taken out, but better switched off.
clock-beyond = This machine’s clock and the core’s differ in rate by { $ppm } ppm more than crystals do: times are told with a wider ±.
reload = Read the file again
reload-help = Takes over what has changed in the slot’s file; boards that are the same go on undisturbed.
faults = Faults
faults-now = { $n } now
fault-stuck-high = { $thing } stuck high
fault-stuck-low = { $thing } stuck low
fault-bounces = { $thing } bounces for { $how }
fault-loses = { $n ->
    [one] { $thing } loses { $n } edge
   *[other] { $thing } loses { $n } edges
 }
fault-nacks = { $n ->
    [one] { $thing } does not answer once
   *[other] { $thing } does not answer { $n } times
 }
fault-vanishes = { $thing } gone
fault-reads = { $n ->
    [one] { $thing } gives only { $n } byte a read
   *[other] { $thing } gives only { $n } bytes a read
 }
fault-slow = { $thing } slow, { $how } a byte
fault-browns-out = { $thing } browns out
fault-unplugged = { $thing } unplugged
fault-rolls-over = { $n ->
    [one] { $thing } tells { $n } key at once at most
   *[other] { $thing } tells { $n } keys at once at most
 }
try-core = Is the core running? Is its address the one in this slot’s file, and the slot on the room’s network?
try-board = Is it plugged in and enabled? The board is tried again by itself.
try-input = Look at the input that is named: does it stick, or is a wire loose?
try-disk = Is the card full, or worn out?
try-doctor = On this machine, `eg-agent doctor` tries the way to the core step by step.
doctor = This machine: boards, disk, supply
levels = Levels
level-before = line
level-after = after the normalizer
level-high = high
level-low = low
level-active = active
level-rest = at rest
events = Last events
events-none = Nothing has happened since the agent started.
event-secret = (secret: a question was open)
event-press = press
event-release = release
event-on = on
event-off = off
event-tag = tag
event-tag-removed = tag removed
event-key = key
event-line = text
event-turn = turn
event-value = value
event-fault = fault
event-recovered = recovered
event-click = click
event-hold = hold
event-hold-end = end of hold
event-chord = together
file = The slot’s file
