# Rooms and their sessions, in French.
times = { $n ->
    [one] une fois
   *[other] { $n } fois
 }
room = Salle { $room }
no-session = Aucune partie en cours.
start = Démarrer { $game }
session = Partie { $id } · { $game }
status-running = en cours
status-done = terminée
status-aborted = abandonnée
status-failed = en panne
resumed = Reprise après un arrêt du serveur central ; le temps d’arrêt ne compte pas.
failed-why = Le jeu s’est arrêté : { $why }
turnout = { $votes } sur { $expected } ont voté
turnout-pressed = { $votes } sur { $expected } ont appuyé
abstain = s’abstenir
turnout-missing = Manquent :
start-other = Autres réglages
game = Jeu
roll-call = Faire l’appel
roll-call-again = Refaire l’appel
roll-call-again-means = Ceux qui ont répondu doivent appuyer de nouveau.
roll-call-end = Finir l’appel
roll-call-end-means = Ceux qui ont répondu sont oubliés.
roll-call-count = { $here } sur { $all } ont répondu à l’appel
roll-call-silent = n’a pas appuyé
start-without = Pourquoi commencer sans les absents
start-broken = Tout n’est pas en état :
start-offline = hors ligne
start-anyway = Pourquoi commencer malgré tout
start-not-reset = Pas encore remis en place :
reset = Remise en place
reset-none = Pas de liste de remise en place : reset: de la salle, dans le fichier du serveur central.
reset-count = { $done } sur { $all }
clock-left = Temps restant
clock-elapsed = Temps écoulé
clock-stopped = en pause
clock-idle = Rien ne bouge depuis
