# Room display, in English.
display = Room display
display-roll-call = Press any button once, please
display-nothing = Welcome
