# The slot page in French.
lost-connection = Connexion à l’agent perdue — ce que vous voyez n’est plus à jour.
not-sent = Pas envoyé : il n’y a pas de connexion. Réessayez une fois qu’elle est revenue.
not-json = Les réglages doivent être en JSON, par exemple {"{"} "timeout": "60s" {"}"}.
skip-to-content = Aller au contenu
other-language = English
title = Poste { $slot }
input-status = État des entrées
status-online = en ligne
status-degraded = dégradé
status-disconnected = déconnecté
status-waiting = attend d’être adopté
status-refused = non admis
adopt-me = est le code de ce poste. Comparez-le avec celui de la page de l’opérateur, et adoptez-y { $slot }.
refused-revoked = Le secret de ce poste a été révoqué. Adoptez de nouveau { $slot } sur la page de l’opérateur s’il a sa place ici.
refused-other-secret = Le core connaît un autre secret de { $slot }. Si cette carte est neuve, remplacez l’ancienne sur la page de l’opérateur.
refused-full = Tant de postes attendent au core que { $slot } n’y figure pas : adoptez-en ou écartez-en sur la page de l’opérateur.
refused-cloned = Une autre machine est connectée avec le nom et le secret de { $slot }. Si cette carte est une copie, supprimez son fichier de secret et donnez-lui un autre nom.
refused-no-pairing = Le broker demande un mot de passe qu’il ne connaît pas pour { $slot } : mettez à jour son fichier de mots de passe (eg-core mosquitto-config).
simulated = carte simulée
twin = Une autre machine s’appelle aussi { $slot } : sa carte est-elle une copie ? Donnez un autre nom à l’une des deux.
mode-day = Jour
mode-night = Nuit
mode-unknown = mode inconnu
question = Question ouverte
hint = Indice :
question-none = Aucune question n’est ouverte.
step = Étape { $step }
result = Résultat de l’étape { $step }
result-none = Pas de décision.
abstain = s’abstenir
devices = Cartes
device-ready = prêt
device-lost = perdu
device-fault = défaut
dropped = { $n ->
    [one] { $n } message inutilisable :
   *[other] { $n } messages inutilisables, le dernier :
 }
press-times = Rapidité des appuis
inputs = Entrées
outputs = Sorties
lit = allumé
dark = éteint
press-help = Cliquez, touchez, ou pressez les touches 1 à { $n }.
tag = Badge (hexadécimal)
present = Présenter
take-away = Retirer
text = Texte
send = Envoyer
turn-left = Tourner à gauche
turn-right = Tourner à droite
outbox = { $n ->
    [0] Tout est arrivé au core.
    [one] { $n } événement attend le core.
   *[other] { $n } événements attendent le core.
 }
clock-unknown = Horloge du core inconnue.
clock = Horloge à ± { $bound } ms.
clock-bent = NTP, ou un service semblable, infléchit l’horloge de cette machine de { $ppm } ppm. C’est compensé, mais mieux vaut l’arrêter.
clock-beyond = L’horloge de cette machine et celle du serveur central diffèrent de { $ppm } ppm de plus que des quartz : les heures sont données avec un ± plus large.
reload = Relire le fichier
reload-help = Prend en compte ce qui a changé dans le fichier du poste ; les cartes inchangées continuent sans interruption.
faults = Pannes
faults-now = { $n } en cours
fault-stuck-high = { $thing } bloqué haut
fault-stuck-low = { $thing } bloqué bas
fault-bounces = { $thing } rebondit pendant { $how }
fault-loses = { $n ->
    [one] { $thing } perd { $n } front
   *[other] { $thing } perd { $n } fronts
 }
fault-nacks = { $n ->
    [one] { $thing } ne répond pas une fois
   *[other] { $thing } ne répond pas { $n } fois
 }
fault-vanishes = { $thing } disparu
fault-reads = { $n ->
    [one] { $thing } ne donne que { $n } octet par lecture
   *[other] { $thing } ne donne que { $n } octets par lecture
 }
fault-slow = { $thing } lent, { $how } par octet
fault-browns-out = { $thing } subit une baisse de tension
fault-unplugged = { $thing } débranché
fault-rolls-over = { $n ->
    [one] { $thing } ne transmet que { $n } touche à la fois
   *[other] { $thing } ne transmet que { $n } touches à la fois
 }
try-core = Le core tourne-t-il ? Son adresse est-elle celle du fichier de ce poste, et le poste sur le réseau de la salle ?
try-board = Est-elle branchée et activée ? La carte est réessayée d’elle-même.
try-input = Regardez l’entrée nommée : est-elle coincée, un fil est-il lâche ?
try-disk = La carte SD est-elle pleine, ou usée ?
try-doctor = Sur cette machine, `eg-agent doctor` essaie le chemin vers le core étape par étape.
doctor = Cette machine : cartes, disque, alimentation
levels = Niveaux
level-before = ligne
level-after = après normalisation
level-high = haut
level-low = bas
level-active = actif
level-rest = au repos
events = Derniers événements
events-none = Rien ne s’est passé depuis le démarrage de l’agent.
event-secret = (secret : une question était ouverte)
event-press = appui
event-release = relâché
event-on = en marche
event-off = à l’arrêt
event-tag = badge
event-tag-removed = badge retiré
event-key = touche
event-line = texte
event-turn = rotation
event-value = valeur
event-fault = défaut
event-recovered = rétabli
event-click = clic
event-hold = maintien
event-hold-end = fin du maintien
event-chord = ensemble
file = Le fichier du poste
