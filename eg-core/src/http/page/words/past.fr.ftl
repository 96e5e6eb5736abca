# Lists of past sessions and their statistics, in French.
past-from = Du
past-to = Au
past-room = Salle
past-game = Jeu
past-outcome = Issue
past-every-room = toutes les salles
past-every-game = tous les jeux
past-every-outcome = toutes les issues
past-show = Afficher
past-csv = Télécharger en CSV
past-none = Aucune partie ne correspond. Demandez plus de jours, ou toutes les salles et tous les jeux.
past-sessions = Parties
past-played = Temps de jeu
past-players = Joueurs
past-hints = Indices
past-uncounted = { $n ->
    [one] Les indices d’une partie plus ancienne ne sont pas comptés ici.
   *[other] Les indices de { $n } parties plus anciennes ne sont pas comptés ici.
}
past-number = N°
past-when = Début
past-duration = Durée
past-by = Par
past-look = Revoir la partie { $n }
statistics = Statistiques
statistics-list = Ces parties en liste
statistics-means = Parties terminées, selon le jour et l’heure de leur début là où se trouve le serveur central. Sans dates : les douze derniers mois.
statistics-table = Chiffres en tableau
statistics-month = Mois
statistics-all = Total
statistics-median = Durée habituelle
statistics-hints = Indices par partie
statistics-hour = { $hour } h
past-all-games = Tous les jeux
chart-sessions = Parties
chart-sessions-told = Terminées : { $done }, abandonnées : { $aborted }, en panne : { $failed }.
chart-lengths = Durée habituelle, en minutes
chart-lengths-told = La moitié des parties menées à terme ont duré { $length } ou moins.
chart-lengths-none = Aucune partie n’a été menée à terme.
chart-hints = Indices par partie
chart-hints-told = En moyenne : { $hints }
chart-hours = Heures de début
chart-hours-told = { $n ->
    [one] L’heure la plus chargée : { $hour }, une partie.
   *[other] L’heure la plus chargée : { $hour }, { $n } parties.
}
month-01 = janv.
month-02 = févr.
month-03 = mars
month-04 = avr.
month-05 = mai
month-06 = juin
month-07 = juil.
month-08 = août
month-09 = sept.
month-10 = oct.
month-11 = nov.
month-12 = déc.
past-backup = Sauvegarde
past-backup-means = Tout le journal en un fichier, fait pendant que le serveur central tourne : tout ce qui s’est passé, choix secrets compris, sans l’archive ni les comptes. Le téléchargement est consigné. docs/journal.md dit comment le remettre en place.
past-backup-take = Télécharger le journal
