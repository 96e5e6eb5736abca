# Outputs to try, in French.
outputs = Sorties à essayer
outputs-none = Aucun poste en ligne n’a de sortie.
output = Sortie
output-text = Texte pour un afficheur
output-show = Afficher
on = Allumer
off = Éteindre
