# What needs attention, in French.
attention = À surveiller
attention-none = Rien à signaler.
attention-count = { $n ->
    [one] { $n } point
   *[other] { $n } points
 }
attention-more = { $n ->
    [one] et { $n } autre
   *[other] et { $n } autres
 }
attention-failure = en panne
attention-warning = à vérifier
attention-note = pour information
attention-since = depuis
attention-disk = Le disque du journal est presque plein : il reste { $free } Mo.
attention-session = Salle { $room } : la partie { $session } est tombée. { $why }
attention-decide = La salle { $room } attend votre décision : { $why }.
attention-slot-lost = { $slot } est perdu : il ne donne plus signe de vie. Courant ? Câble réseau ? Puis redémarrez-le.
attention-slot-unheard = { $slot } n’a jamais donné signe de vie.
attention-slot-away = { $slot } est muet depuis plus d’une semaine.
attention-slot-degraded = { $slot } signale que certaines de ses entrées ne marchent pas.
attention-board = { $board }, à { $slot } : { $why }
attention-board-lost = la carte ne répond pas
attention-board-fault = la carte signale un défaut
attention-twin = Deux machines s’appellent { $slot } : une carte a-t-elle été copiée ?
attention-twin-at = Deux machines s’appellent { $slot } ({ $addresses }) : une carte a-t-elle été copiée ?
attention-waiting = { $slot } attend d’être adopté. Son code : { $code }
attention-events = { $slot } : il manque { $n } événements. Ils ont eu lieu et ne sont jamais arrivés.
attention-outbox = { $slot } : { $n } événements attendent dans sa boîte d’envoi. Son réseau est-il lent ?
attention-clock = { $slot } ne connaît l’heure qu’à ± { $bound } : des appuis plus proches sont à égalité.
attention-date = La date de { $slot } est décalée de { $minutes } min : certificats et fichiers seront mal datés.
attention-agent = { $slot } tourne en version { $version }, plus ancienne que ce serveur central.
next-journal = Faites de la place sur le disque, ou donnez-lui le droit d’y écrire
next-missing = Cherchez une copie de sauvegarde du journal
next-broker = Vérifiez le service du broker et le réseau
next-crowd = Voir qui parle
next-client = Vérifiez cette machine et son réseau
next-quarantine = Vérifiez le programme qui l’envoie
next-refusal = Voir qui a été refusé
next-compat = Voir ce qui est ouvert
next-disk = Déplacez de vieux fichiers, ou laissez partir des parties aux archives
next-decide = Décidez-en dans la salle
next-session = Ouvrez la salle et lancez une autre partie
next-slot = Ouvrir { $slot }
next-twin = Donnez un autre nom à l’une des deux
next-waiting = Comparez le code et adoptez { $slot }
next-date = Mettez la machine à l’heure, ou laissez NTP le faire
next-agent = Mettez l’agent à jour quand personne ne joue
