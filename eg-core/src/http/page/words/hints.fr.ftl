# Indices : ceux qui restent affichés, leur bibliothèque et leur formulaire, en français.
hint = Indice :
hint-give = Donner un indice
hint-display = écran de la salle
hint-ends = temps restant
hint-take-away = Retirer
hint-search = Chercher un indice
hint-text = Texte pour les joueurs
hint-english = Aussi en anglais
hint-english-means = Le même texte en anglais, pour les pages en anglais
hint-where = Où
hint-time = Combien de temps
hint-for-good = jusqu’à ce qu’on le retire
hints-given = { $n ->
    [0] aucun indice donné
    [one] { $n } indice donné
   *[other] { $n } indices donnés
}
hints-prepared = Préparés
hints-before = Déjà donnés
hints-none = Aucun indice préparé (`hints` dans les réglages de la salle) ni donné jusqu’ici.

# Entrées forcées.
force = Forcer une entrée
force-means = Le jeu prend l’entrée pour ce que vous dites, jusqu’à ce qu’elle change vraiment, que vous la libériez ou que la partie finisse.
force-on = Actif
force-off = Inactif
force-no-tag = aucun badge
force-tag = Badge posé (vide : aucun)
force-value = Valeur
force-set = Forcer
force-unheard = ce poste n’a pas encore dit ses entrées
force-release = Libérer
forced = Entrée forcée :
act-force = entrée forcée
act-release = entrée libérée
