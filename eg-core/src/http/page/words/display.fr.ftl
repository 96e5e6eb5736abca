# Room display, in French.
display = Écran de la salle
display-roll-call = Appuyez une fois sur un bouton, s’il vous plaît
display-nothing = Bienvenue
display-unknown = Il n’y a pas de salle « { $room } »
display-unknown-help = Vérifiez l’adresse de cet écran.
screen-lost = Un instant, cet écran revient.
display-left = Temps de jeu
