# Room display, in French.
display = Écran de la salle
display-roll-call = Appuyez une fois sur un bouton, s’il vous plaît
display-nothing = Bienvenue
