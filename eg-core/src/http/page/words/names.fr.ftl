# Names of slots, rooms and players, in French.
names-players = Qui joue ce soir
