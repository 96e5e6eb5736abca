# The core's doctor in English.
done = All is well
to-mend = { $n ->
    [one] { $n } thing to mend
   *[other] { $n } things to mend
 }
because = cause: { $cause }
file = { $path } is well formed: { $core }, { $n ->
    [one] { $n } room
   *[other] { $n } rooms
 }
failed-file = { $path } has { $n ->
    [one] { $n } mistake
   *[other] { $n } mistakes
 }
try-file = eg-core check --config { $path } tells every one of them, with its line
no-file = there is no file; { $core } has its defaults
disk = the journal is in { $path }, { $free } free
failed-crash = the core has panicked; { $path } tells when and where
try-crash = send that file to whoever looks after EG, and remove it
failed-disk = the disk of { $path } is almost full: { $free } free
try-disk = make room: journal keep in the file moves old sessions away, eg-core backup saves them elsewhere
failed-writable = the core's data cannot be written in { $path }
try-writable = ask as the user that the core runs as: sudo -u eg eg-core doctor; the folder has to be that user's
journal = the journal { $path } can be read
journal-new = there is no journal { $path } yet; the core makes it at its first start
failed-journal = the journal { $path } cannot be read
try-journal = look at the cause; a journal of a newer version wants that version, a damaged one its last backup
failed-account = the accounts in { $path } may not be read and written
try-account = ask as the user that the core runs as: sudo -u eg eg-core doctor
tls = certificate and key can be read
failed-tls = certificate and key cannot be used
try-tls = eg-core cert makes them anew; slots that pinned the old authority are adopted anew
failed-loopback = the core listens on { $address }, this machine alone: no slot reaches it from another
try-loopback = write listen: 0.0.0.0 where slots are on other machines
runs = the core runs; this program has version { $version }
ports = its ports are free; no core runs on this journal now
failed-port = port { $port } ({ $name }) is taken
try-port = end the program that has it (sudo ss -tlnp shows it), or name another under ports in the file
broker = the broker at { $address } lets the core in
failed-broker = the broker at { $address } does not let the core in
try-broker = does it run, on this port? are user and password those that eg-core mosquitto-config wrote?
failed-identities = the adopted slots cannot be read
try-identities = ask as the user that the core runs as: sudo -u eg eg-core doctor
adopted = { $n ->
    [one] { $n } slot is adopted
   *[other] { $n } slots are adopted
 }
failed-waits = { $slot } on { $machine } waits to be adopted, code { $code }
try-waits = adopt it on the operator's page, or by sudo -u eg eg-core slots adopt { $slot }, if its own page shows this code
failed-unknown-slots = the file names slots that have never come: { $slots }
try-unknown-slots = on each slot, eg-agent doctor tries the way here step by step
failed-compat = compat is on: whoever is on the network may speak as a slot that is not adopted
try-compat = take compat out of the file once the last old program is gone
ntp = this machine's clock follows a time server
failed-ntp = this machine's clock follows no time server
try-ntp = a room without internet needs none: dates in the journal are this machine's
announced = slots without an address find { $core } by multicast DNS
failed-announced = { $core } is not seen by multicast DNS
try-announced = slots have to name it, core: {"{"} host: ADDRESS {"}"}; or restart the core, and look at its log
failed-several-cores = several cores announce themselves: { $cores }
try-several-cores = slots that name none take none of them; name the core in each slot's file, or write discovery: false where it is not wanted
