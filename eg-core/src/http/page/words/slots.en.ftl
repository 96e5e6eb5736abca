# Slots and their boards, in English.
slots = Slots
slots-none = No slot has said hello yet. Start an agent: eg-agent run configs/slots/slot-01.yaml
slots-online = { $online } of { $all } online
seen-now = just now
seen-ago = seen { $span } ago
seen-never = never seen
presence-online = online
presence-degraded = degraded
presence-offline = offline
device-ready = ready
device-lost = lost
device-fault = fault
sim = simulated
clock = clock { $ahead } ± { $bound }
clock-more = The slot’s own date minus the core’s, and how well the slot knows the core’s clock. Drift { $drift } ppm, round trip { $trip }.
press-times-title = How fast presses are
press-times-help = How long presses took since the slot’s agent started: until they were on their way, from there until they were stored here, and until an output of this slot was set that answers a press. Half of them were at least as fast as “half” says.
press-times-none = This slot has reported no times yet: nobody has pressed, or its agent is older than they are.
clock-unknown = clock not known yet
dropped = { $n ->
    [one] { $n } message could not be used:
   *[other] { $n } messages could not be used, the last:
 }
clock-bent = NTP, or something like it, bends this slot’s clock by { $ppm } ppm: it is taken out, but better switched off
clock-beyond = its clock and the core’s differ in rate by { $ppm } ppm more than crystals do: times are told with a wider ±
missing-events = { $n ->
    [one] { $n } event missing
   *[other] { $n } events missing
 }
slot-lost = lost
