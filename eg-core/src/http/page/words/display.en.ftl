# Room display, in English.
display = Room display
display-roll-call = Press any button once, please
display-nothing = Welcome
display-unknown = There is no room called "{ $room }"
display-unknown-help = Check the address of this screen.
screen-lost = One moment, this screen is coming back.
display-left = Game time
