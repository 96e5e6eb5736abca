# Header of every page, in French.
rooms = Salles
places-all = Toutes
place-idle = au repos
place-waits = vous attend
health-slots = { $all ->
    [one] { $well } poste sur { $all }
   *[other] { $well } postes sur { $all }
 }
said-result = Salle { $room } : { $result }
alarm-by = En cas de nouvel incident :
alarm-sound = Son
alarm-notice = Notification
alarm-cannot = Les notifications demandent cette page en TLS (https), et l’accord de votre navigateur.
bar = Salles et état
