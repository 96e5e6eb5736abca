# Names of slots, rooms and players, in French.
names-who = Qui joue ce soir
names-players = Joueurs :
names-paste = Une liste collée dans un champ se répartit sur les suivants, un nom par ligne.
names-save = Enregistrer
names-clear = Effacer les noms
names-shared = Deux joueurs ont le même nom : { $names }
names-rename-room = Renommer la salle
names-rename-slot = Renommer { $slot }
names-name = Nom (vide : { $id })
act-name = nom donné
act-players = joueurs nommés
names-clear-means = Plus aucun nom ne paraît dans { $room }, sur aucune page et aucun écran. Ils restent dans les parties passées.
