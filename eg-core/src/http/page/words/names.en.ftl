# Names of slots, rooms and players, in English.
names-players = Who plays tonight
