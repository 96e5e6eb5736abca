# What needs attention, in English.
attention = What needs attention
attention-none = Nothing needs attention.
attention-count = { $n ->
    [one] { $n } thing
   *[other] { $n } things
 }
attention-more = { $n ->
    [one] and { $n } more
   *[other] and { $n } more
 }
attention-failure = broken
attention-warning = look at it
attention-note = for your information
attention-since = since
attention-disk = The disk of the journal is nearly full: { $free } MB are left.
attention-session = Room { $room }: session { $session } has failed. { $why }
attention-decide = Room { $room } waits for your decision: { $why }.
attention-slot-lost = { $slot } is lost: nothing is heard of it. Power? Network cable? Then start it again.
attention-slot-unheard = { $slot } has never been heard.
attention-slot-away = { $slot } has been silent for more than a week.
attention-slot-degraded = { $slot } reports that not all of its inputs work.
attention-board = { $board } at { $slot }: { $why }
attention-board-lost = the board does not answer
attention-board-fault = the board reports a fault
attention-twin = Two machines call themselves { $slot }: was a card copied?
attention-twin-at = Two machines call themselves { $slot } ({ $addresses }): was a card copied?
attention-waiting = { $slot } waits to be adopted. Its code: { $code }
attention-events = { $slot }: { $n } events are missing. They were pressed and never came.
attention-outbox = { $slot }: { $n } events wait in its outbox. Is its network slow?
attention-clock = { $slot } knows the time only to ± { $bound }: closer presses are ties.
attention-date = The date of { $slot } is { $minutes } min off: certificates and files get wrong dates.
attention-agent = { $slot } runs version { $version }, older than this core.
next-journal = Make room on the disk, or give the core the right to write there
next-missing = Look for a backup of the journal
next-broker = Look at the broker’s service and at the network
next-crowd = See who speaks
next-client = Look at this machine and its network
next-quarantine = Look at the program that sends it
next-refusal = See who was refused
next-compat = See what is open
next-disk = Move old files away, or let sessions go to the archive
next-decide = Decide it in the room
next-session = Open the room and start another session
next-slot = Open { $slot }
next-twin = Give one of the two another id
next-waiting = Compare the code and adopt { $slot }
next-date = Set the machine’s clock, or let it use NTP
next-agent = Update the agent when nobody plays
