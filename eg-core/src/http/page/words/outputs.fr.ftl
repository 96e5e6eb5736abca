# Outputs to try, in French.
output = Sortie
output-text = Texte pour un afficheur
output-show = Afficher
on = Allumer
off = Éteindre
