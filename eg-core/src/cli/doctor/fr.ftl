# Le docteur du serveur en français.
done = Tout va bien
to-mend = { $n ->
    [one] { $n } chose à réparer
   *[other] { $n } choses à réparer
 }
because = cause : { $cause }
file = { $path } est bien formé : { $core }, { $n ->
    [one] { $n } salle
   *[other] { $n } salles
 }
failed-file = { $path } a { $n ->
    [one] { $n } erreur
   *[other] { $n } erreurs
 }
try-file = eg-core check --config { $path } les dit toutes, avec leur ligne
no-file = il n’y a pas de fichier ; { $core } a ses valeurs par défaut
disk = le journal est dans { $path }, { $free } libres
failed-crash = le serveur a eu une panne interne ; { $path } dit où et quand
try-crash = envoyez ce fichier à qui s’occupe d’EG, puis supprimez-le
failed-disk = le disque de { $path } est presque plein : { $free } libres
try-disk = faites de la place : journal keep dans le fichier écarte les anciennes parties, eg-core backup les sauve ailleurs
failed-writable = les données du serveur ne peuvent pas être écrites dans { $path }
try-writable = demandez en tant que l’utilisateur du serveur : sudo -u eg eg-core doctor ; le dossier doit être le sien
journal = le journal { $path } est lisible
journal-new = il n’y a pas encore de journal { $path } ; le serveur le crée à son premier démarrage
failed-journal = le journal { $path } est illisible
try-journal = voyez la cause ; un journal d’une version plus récente veut cette version, un journal abîmé sa dernière sauvegarde
failed-account = les comptes dans { $path } ne peuvent pas être lus et écrits
try-account = demandez en tant que l’utilisateur du serveur : sudo -u eg eg-core doctor
tls = le certificat et la clé sont lisibles
failed-tls = le certificat et la clé sont inutilisables
try-tls = eg-core cert les refait ; les postes qui ont retenu l’ancienne autorité sont à adopter de nouveau
failed-loopback = le serveur écoute sur { $address }, cette machine seule : aucun poste ne l’atteint d’une autre
try-loopback = écrivez listen: 0.0.0.0 si des postes sont sur d’autres machines
runs = le serveur tourne ; ce programme a la version { $version }
ports = ses ports sont libres ; aucun serveur ne tourne sur ce journal
failed-port = le port { $port } ({ $name }) est pris
try-port = arrêtez le programme qui l’a (sudo ss -tlnp le montre), ou nommez-en un autre sous ports dans le fichier
broker = le broker à { $address } laisse entrer le serveur
failed-broker = le broker à { $address } ne laisse pas entrer le serveur
try-broker = tourne-t-il, à ce port ? l’utilisateur et le mot de passe sont-ils ceux qu’a écrits eg-core mosquitto-config ?
failed-identities = les postes adoptés sont illisibles
try-identities = demandez en tant que l’utilisateur du serveur : sudo -u eg eg-core doctor
adopted = { $n ->
    [one] { $n } poste est adopté
   *[other] { $n } postes sont adoptés
 }
failed-waits = { $slot } sur { $machine } attend d’être adopté, code { $code }
try-waits = adoptez-le sur la page de l’opérateur, ou par sudo -u eg eg-core slots adopt { $slot }, si sa propre page montre ce code
failed-unknown-slots = le fichier nomme des postes qui ne sont jamais venus : { $slots }
try-unknown-slots = sur chaque poste, eg-agent doctor essaie le chemin jusqu’ici pas à pas
failed-compat = compat est actif : quiconque est sur le réseau peut parler comme un poste non adopté
try-compat = enlevez compat du fichier quand le dernier ancien programme est parti
ntp = l’horloge de cette machine suit un serveur de temps
failed-ntp = l’horloge de cette machine ne suit aucun serveur de temps
try-ntp = une salle sans internet n’en a pas besoin : les dates du journal sont celles de cette machine
announced = les postes sans adresse trouvent { $core } par DNS multicast
failed-announced = { $core } n’est pas vu par DNS multicast
try-announced = les postes doivent le nommer, core: {"{"} host: ADRESSE {"}"} ; ou redémarrez le serveur, et voyez son journal
failed-several-cores = plusieurs serveurs s’annoncent : { $cores }
try-several-cores = les postes qui n’en nomment aucun n’en prennent aucun ; nommez le serveur dans le fichier de chaque poste, ou écrivez discovery: false là où ce n’est pas voulu
