room = Nom de la salle, 1 à 32 de a-z, 0-9 et - [{ $default }] :
slots = Nombre de postes, un par place où quelqu’un joue [{ $default }] :
game = Jeu : { $default } et d’autres, par eg-core games [{ $default }] :
number = un nombre de 1 à 99 est voulu
no-game = ce jeu n’existe pas ; il y a { $games }
there-already = { $file } existe déjà, et rien n’est écrasé
written = { $file } est écrit, et bien formé.
next = Ensuite :
