# Plan des postes, en français.
slots-filter = Filtrer les postes
slots-arrange = Disposer
slots-arrange-help = Faites glisser chaque poste là où il se trouve dans la salle, ou choisissez-le et déplacez-le avec les flèches ; Suppr le remet dans la liste. Appuyez encore sur Disposer pour finir.
slots-moved = { "{" }slot{ "}" } : colonne { "{" }x{ "}" }, ligne { "{" }y{ "}" }
slots-listed = { "{" }slot{ "}" } est de retour dans la liste
slots-elsewhere = Dans aucune salle
tile-twin = deux machines de ce nom
act-plan = poste déplacé sur le plan
