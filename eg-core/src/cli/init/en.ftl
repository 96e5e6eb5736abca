room = Name of the room, 1 to 32 of a-z, 0-9 and - [{ $default }]:
slots = Number of slots, each a place where somebody plays [{ $default }]:
game = Game: { $default } and others, by eg-core games [{ $default }]:
number = a number from 1 to 99 is wanted
no-game = there is no such game; there are { $games }
there-already = { $file } is there already, and nothing is overwritten
written = { $file } is written, and well formed.
next = Then:
