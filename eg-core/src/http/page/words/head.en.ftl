# Header of every page, in English.
rooms = Rooms
places-all = All
place-idle = idle
place-waits = waits for you
health-slots = { $all ->
    [one] { $well } of { $all } slot
   *[other] { $well } of { $all } slots
 }
said-result = Room { $room }: { $result }
alarm-by = On a new trouble:
alarm-sound = Sound
alarm-notice = Notification
alarm-cannot = Notifications need this page under TLS (https), and your browser’s consent.
bar = Rooms and health
