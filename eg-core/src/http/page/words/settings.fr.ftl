# Réglages des salles et des jeux, en français.
settings-of = Réglages de la salle { $room }
settings-back = Retour
settings-form-means = Ce qui n’est pas touché suit la valeur par défaut du jeu. Tout est vérifié à la frappe, exactement comme le fichier.
settings-next = La prochaine partie
settings-text = En texte (YAML)
settings-text-means = Le formulaire et ce texte disent la même chose : quand l’un change, l’autre suit.
settings-take = À emporter : pour core.yaml
settings-copy = Copier
settings-copied = Copié.
settings-download = Télécharger
settings-right = Tout est bon.
settings-wrong = { $n ->
    [one] Un point ne va pas encore.
   *[other] { $n } points ne vont pas encore.
 }
settings-line = ligne { $at }
settings-saved-by = Enregistrés par { $by },
settings-same = Identiques au fichier.
settings-differ = { $n ->
    [one] Une clé diffère du fichier
   *[other] { $n } clés diffèrent du fichier
 }
settings-in-file = (dans le fichier : { $value })
settings-unsaid = non écrit
settings-running = Une partie est en cours : elle garde les réglages de son début.
settings-start = Démarrer avec ces réglages
settings-keep = Enregistrer pour cette salle
settings-keep-means = Les réglages enregistrés valent dès la prochaine partie. Le fichier reste tel quel ; on peut y revenir à tout moment.
settings-use-means = Démarrer s’en sert une fois. La régie peut les enregistrer pour la salle.
settings-forget = Revenir au fichier
settings-forget-means = La prochaine partie reprend les réglages du fichier ; ceux qui sont enregistrés sont effacés.
settings-none = aucun
settings-on = S’en servir
settings-number = Nombre
settings-add = Ajouter : { $list }
settings-up = Monter : { $item }
settings-remove = Retirer : { $item }
settings-remove-plain = Retirer
settings-key = Entrée { $n }
settings-value = Signifie { $n }
settings-default = Par défaut : { $value }
settings-between = De { $least } à { $most }.
settings-least = À partir de { $least }.
settings-span = Une durée comme 500ms, 20s ou 1m30s.
settings-lines = Une valeur par ligne.
act-settings = réglages
act-settings-of-file = réglages du fichier
