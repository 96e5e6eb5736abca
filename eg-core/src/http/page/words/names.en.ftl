# Names of slots, rooms and players, in English.
names-who = Who plays tonight
names-players = Players:
names-paste = A list that is pasted into a field goes on in the next ones, one name a line.
names-save = Save
names-clear = Clear the names
names-shared = Two players have the same name: { $names }
names-rename-room = Rename the room
names-rename-slot = Rename { $slot }
names-name = Name (empty: { $id })
act-name = named
act-players = players named
names-clear-means = Nobody’s name stands in { $room } any more, on no page and no screen. They stay in the past sessions.
