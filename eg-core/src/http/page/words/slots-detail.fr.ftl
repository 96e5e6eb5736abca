# Page d’un poste, en français.
slot-back = Tous les postes
slot-how = État
slot-twin = Deux machines portent ce nom : une carte copiée ? Donnez un autre nom à l’une d’elles.
slot-inputs = Cartes et entrées
slot-outputs = Sorties
slot-link = Liaison
slot-log = Dernières nouvelles de ce poste
slot-log-none = Rien depuis le démarrage du serveur central.
slot-look = Demander tous les états
slot-veiled = Une partie garde ses choix secrets : l’entrée appuyée n’est pas dite avant la révélation ou la fin.
slot-no-boards = Ce poste n’a annoncé aucune carte.
slot-no-outputs = Ce poste n’a aucune sortie.
input-unknown = pas encore connu
input-moment = ne dit que des instants
input-on = active
input-off = au repos
input-no-tag = aucun badge
output-test = Tester
output-pulse = Impulsion
output-pulsed = impulsion de { $ms } ms
output-level = Niveau, de 0 à 1
output-set = Régler
output-lit = allumée
output-dark = éteinte
output-unknown = état inconnu
output-by-game = le jeu
output-told = dernier ordre : { $set }, par { $by }
output-no-answer = pas encore de réponse
output-done = fait
output-expired = arrivé trop tard
output-refused = refusé
lamps = Lampes une par une
lamps-stop = Arrêter
lamps-on = { $lamp } · { $place } sur { $of }
all-off = Tout éteindre
all-off-means = Toutes les sorties de ce poste sont coupées, les serrures aussi : elles prennent leur position sans courant. Un jeu ne les remet que lorsqu’il se passe quelque chose.
slot-waiting = En attente dans le poste
slot-waiting-n = { $n ->
    [0] rien
    [one] { $n } événement
   *[other] { $n } événements
 }
slot-address = Adresse
slot-agent = Agent
slot-boot = Démarrage
slot-stored = Événements enregistrés
slot-unreadable = Messages illisibles
press-arrived = De l’appui au serveur central
press-arrived-none = Personne n’a appuyé depuis le démarrage du serveur central.
press-arrived-n = { $n ->
    [one] { $n } appui : { $worst }
   *[other] { $n } appuis : la moitié en moins de { $half }, 99 % en moins de { $most }, le plus lent { $worst }
 }
act-all-off = tout éteindre
act-lamps = lampes une par une
act-lamps-stop = arrêt des lampes
act-restart = agent redémarré
slot-own-page = Sa propre page
slot-protocol = protocole { $n }
slot-restart = Redémarrer l’agent
slot-restart-means = L’agent s’arrête et sa machine le relance, en quelques secondes. Ses sorties prennent leur état sûr entre-temps ; ce qu’on appuie pendant ce temps est perdu. D’autres postes de la même machine peuvent suivre.
slot-no-restart = Cet agent ne se redémarre pas d’ici : son fichier l’interdit, rien ne le relancerait, ou il est trop ancien.
