# Slots and their boards, in French.
slots = Postes
slots-none = Aucun poste ne s’est encore annoncé. Démarrez un agent : eg-agent run configs/slots/slot-01.yaml
slots-online = { $online } sur { $all } en ligne
seen-now = à l’instant
seen-ago = vu il y a { $span }
seen-never = jamais vu
presence-online = en ligne
presence-degraded = dégradé
presence-offline = hors ligne
device-ready = prêt
device-lost = perdu
device-fault = défaut
sim = simulé
clock = horloge { $ahead } ± { $bound }
clock-more = La date du poste moins celle du serveur central, et la précision avec laquelle le poste connaît cette horloge. Dérive { $drift } ppm, aller-retour { $trip }.
press-times-title = Rapidité des appuis
press-times-help = Durée des appuis depuis le démarrage de l’agent du poste : jusqu’à leur départ, de là jusqu’à leur enregistrement ici, et jusqu’à ce qu’une sortie de ce poste réponde à un appui. La moitié d’entre eux ont été au moins aussi rapides que « moitié » le dit.
press-times-none = Ce poste n’a pas encore annoncé de durées : personne n’a appuyé, ou son agent est plus ancien qu’elles.
clock-unknown = horloge pas encore connue
dropped = { $n ->
    [one] { $n } message inutilisable :
   *[other] { $n } messages inutilisables, le dernier :
 }
clock-bent = NTP, ou un service semblable, infléchit l’horloge de ce poste de { $ppm } ppm : c’est compensé, mais mieux vaut l’arrêter
clock-beyond = son horloge et celle du serveur central diffèrent de { $ppm } ppm de plus que des quartz : les heures sont données avec un ± plus large
missing-events = { $n ->
    [one] { $n } événement manquant
   *[other] { $n } événements manquants
 }
slot-lost = perdu
